//! What is said of a folder that is watched, in both languages.

use crate::language::Text;

texts! {
    WATCHING = "watching {folder}; Ctrl-C ends it", "正在监视 {folder}；按 Ctrl-C 结束";
    ENDED = "no longer watching", "已停止监视";
    CLAIMED = "{file}: begun", "{file}：开始处理";
    DONE = "{file}: done, now {path}", "{file}：已完成，现为 {path}";
    FAILED = "{file}: somebody has to look, now {path}", "{file}：需要人工处理，现为 {path}";
    LEFT = "{file} waits there; it is gone on with when the folder is watched again", "{file} 留在该处；再次监视该目录时继续处理";
    POISON = "the file was begun three times, and the program ended each time before its end", "该文件已开始处理三次，每次程序都在完成前终止";
    POISON_HINT = "what was printed of it: miandan status; then miandan resume goes on with its batch", "请用 miandan status 查看已打印的部分，再用 miandan resume 继续其批次";
}
