//! The dialects: which platform's print component a client believes to talk to.
//!
//! There are three families. Cainiao's protocol is spoken, with differences, by Douyin, Pinduoduo, Kuaishou and Xiaohongshu
//! (`cainiao`); JD (`jd`) and WeChat (`wechat`) have their own.

use super::{
    Command, DocumentProgress, Event, Language, PrinterSettings, Problem, Request, RequestId, TaskProgress,
    cainiao, jd, wechat,
};

/// How a client is talked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Whose component the client expects.
    pub platform: Platform,
    /// Which generation of Cainiao's component. The others have one.
    pub generation: Generation,
    /// The language of what people are told.
    pub language: Language,
}

/// Whose component it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Platform {
    /// 菜鸟, also of Taobao and 1688.
    Cainiao,
    /// 抖店.
    Douyin,
    /// 拼多多.
    Pinduoduo,
    /// 快手.
    Kuaishou,
    /// 小红书.
    Xiaohongshu,
    /// 京东, version 2.
    Jd,
    /// 微信小店.
    Wechat,
}

/// The generation of Cainiao's component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Generation {
    /// 0.x: the first answer to a preview comes when it is ready, and says where it is.
    V0,
    /// 1.x: documents and tasks are told of one by one.
    #[default]
    V1,
}

/// Where clients of a platform look for its component, at 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The ports that are tried, the usual one first.
    pub ws: &'static [u16],
    /// The port for TLS, if it is known.
    pub wss: Option<u16>,
    /// The path.
    pub path: &'static str,
}

/// A request that is not done, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The mark of the request, as far as it could be read.
    pub id: RequestId,
    /// The command as the client wrote it; empty if it could not be read.
    pub command: String,
    /// The task, if there is one and its id could be read.
    pub task: Option<String>,
    /// Why.
    pub problem: Problem,
}

/// A printer, as clients are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printer {
    /// Its name.
    pub name: String,
    /// Whether it takes labels now.
    pub enabled: bool,
}

impl Platform {
    /// All of them.
    pub const ALL: &'static [Platform] = &[
        Platform::Cainiao,
        Platform::Douyin,
        Platform::Pinduoduo,
        Platform::Kuaishou,
        Platform::Xiaohongshu,
        Platform::Jd,
        Platform::Wechat,
    ];

    /// The name in settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Platform::Cainiao => "cainiao",
            Platform::Douyin => "douyin",
            Platform::Pinduoduo => "pinduoduo",
            Platform::Kuaishou => "kuaishou",
            Platform::Xiaohongshu => "xiaohongshu",
            Platform::Jd => "jd",
            Platform::Wechat => "wechat",
        }
    }

    /// The platform of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|platform| platform.name() == name)
    }

    /// Where its clients look for it.
    #[must_use]
    pub const fn endpoint(self) -> Endpoint {
        let (ws, wss, path): (&[u16], _, _) = match self {
            Platform::Cainiao => (&[13528], Some(13529), "/"),
            Platform::Douyin => (&[13888], Some(13999), "/"),
            Platform::Pinduoduo => (&[5000], Some(18653), "/"),
            Platform::Kuaishou => (&[16888], Some(16889), "/ks/printer"),
            Platform::Xiaohongshu => (&[10818, 14528], None, "/"),
            Platform::Jd => (&[9113], Some(9114), "/"),
            Platform::Wechat => (&[12705], None, "/"),
        };
        Endpoint { ws, wss, path }
    }

    /// Most documents of a task.
    #[must_use]
    pub const fn most_documents(self) -> usize {
        match self {
            Platform::Kuaishou => 10,
            _ => 200,
        }
    }

    /// Whether so many documents are a task.
    pub(crate) const fn check_count(self, documents: usize) -> Result<(), Problem> {
        let most = self.most_documents();
        match documents {
            0 => Err(Problem::NoDocuments),
            many if many > most => Err(Problem::TooManyDocuments { most }),
            _ => Ok(()),
        }
    }

    /// Whether previews are put into the answer itself, since its clients do not fetch them: the addresses that
    /// [`DocumentProgress::urls`] has are then `data:image/png;base64,…`.
    #[must_use]
    pub const fn previews_inline(self) -> bool {
        matches!(self, Platform::Jd)
    }
}

impl Dialect {
    /// The dialect of a platform: the newer generation, in Chinese.
    #[must_use]
    pub const fn of(platform: Platform) -> Self {
        Dialect { platform, generation: Generation::V1, language: Language::Chinese }
    }

    /// The dialect of the platform of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Platform::named(name).map(Self::of)
    }

    /// Reads a message of a client, of at most a mebibyte.
    ///
    /// # Errors
    /// What to [`refuse`](Self::refuse) it with, if it is not understood.
    #[expect(clippy::result_large_err, reason = "a request is larger")]
    pub fn read(&self, text: &str) -> Result<Request, Refused> {
        match self.family() {
            Family::Cainiao => cainiao::read(*self, text),
            Family::Jd => jd::read(text),
            Family::Wechat => wechat::read(text),
        }
    }

    /// A request that was understood and cannot be done.
    #[must_use]
    pub fn refusal(&self, request: &Request, problem: Problem) -> Refused {
        let command = match self.family() {
            Family::Cainiao => cainiao::command(&request.command),
            Family::Jd => jd::command(&request.command),
            Family::Wechat => wechat::command(&request.command),
        };
        let task = match &request.command {
            Command::Print(task) => Some(task.id.clone()),
            _ => None,
        };
        Refused { id: request.id.clone(), command: command.to_owned(), task, problem }
    }

    /// The answer to a request that is refused.
    #[must_use]
    pub fn refuse(&self, refused: &Refused) -> String {
        match self.family() {
            Family::Cainiao => cainiao::refuse(*self, refused),
            Family::Jd => jd::refuse(*self, refused),
            Family::Wechat => wechat::refuse(*self, refused),
        }
    }

    /// The answer to a message that was not read.
    #[must_use]
    pub fn refuse_unread(&self, problem: Problem) -> String {
        self.refuse(&Refused::unread(problem))
    }

    /// The answer to [`Command::Printers`]: all of them, and which is the default one.
    #[must_use]
    pub fn printers(&self, id: &RequestId, printers: &[Printer], default: Option<&str>) -> String {
        match self.family() {
            Family::Cainiao => cainiao::printers(*self, id, printers, default),
            Family::Jd => jd::printers(id, printers, default),
            Family::Wechat => wechat::printers(id, printers),
        }
    }

    /// The answer to [`Command::PrinterConfig`]. JD and WeChat do not ask.
    #[must_use]
    pub fn printer_config(&self, id: &RequestId, printer: &str, settings: &PrinterSettings) -> String {
        cainiao::printer_config(*self, id, printer, settings)
    }

    /// The answer to what is done and needs no other: [`Command::SetPrinterConfig`], [`Command::SetGlobalConfig`].
    #[must_use]
    pub fn done(&self, request: &Request) -> String {
        cainiao::done(*self, request)
    }

    /// The answer to [`Command::TaskStatus`]: tasks that are known, and ids that nobody knows.
    #[must_use]
    pub fn task_status(&self, id: &RequestId, tasks: &[TaskProgress], unknown: &[String]) -> String {
        cainiao::task_status(*self, id, tasks, unknown)
    }

    /// The answer to [`Command::DocumentStatus`]: documents that are known, each with its task, and ids that nobody knows.
    #[must_use]
    pub fn document_status(
        &self,
        id: &RequestId,
        documents: &[(&TaskProgress, &DocumentProgress)],
        unknown: &[String],
    ) -> String {
        cainiao::document_status(*self, id, documents, unknown)
    }

    /// The answer to [`Command::GlobalConfig`].
    #[must_use]
    pub fn global_config(&self, id: &RequestId, notify_on_failure: bool) -> String {
        cainiao::global_config(*self, id, notify_on_failure)
    }

    /// The answer to [`Command::AgentInfo`]. Clients choose how they talk by the version, so what is said there is the version
    /// of the platform's component that is spoken like; `own` is the version of this program, and stands beside it.
    #[must_use]
    pub fn agent_info(&self, id: &RequestId, own: &str) -> String {
        match self.family() {
            Family::Wechat => wechat::agent_info(id, own),
            Family::Cainiao | Family::Jd => cainiao::agent_info(*self, id, own),
        }
    }

    /// The messages that an event causes, in the order in which they are sent; none if there is nothing to tell yet.
    ///
    /// `task` is as the event left it. Whatever the dialect, the first message that carries the mark of the request is the
    /// answer to it, since some clients take the first such message for the answer whatever it is.
    #[must_use]
    pub fn tell(&self, task: &TaskProgress, event: Event) -> Vec<String> {
        match self.family() {
            Family::Cainiao => cainiao::tell(*self, task, event),
            Family::Jd => jd::tell(*self, task, event),
            Family::Wechat => wechat::tell(*self, task, event),
        }
    }

    const fn family(self) -> Family {
        match self.platform {
            Platform::Jd => Family::Jd,
            Platform::Wechat => Family::Wechat,
            _ => Family::Cainiao,
        }
    }
}

enum Family {
    Cainiao,
    Jd,
    Wechat,
}

impl Refused {
    /// A message of which nothing could be read.
    pub(super) fn unread(problem: Problem) -> Self {
        Refused { id: RequestId::default(), command: String::new(), task: None, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_found_by_their_names() {
        for &platform in Platform::ALL {
            let dialect = Dialect::named(platform.name()).unwrap();
            assert_eq!((dialect.platform, dialect.generation), (platform, Generation::V1));
            assert!(platform.endpoint().path.starts_with('/'));
        }
        assert_eq!(Dialect::named("taobao"), None);
    }

    #[test]
    fn no_two_platforms_share_a_port() {
        let mut ports: Vec<u16> = Platform::ALL
            .iter()
            .flat_map(|platform| {
                let endpoint = platform.endpoint();
                endpoint.ws.iter().copied().chain(endpoint.wss)
            })
            .collect();
        let all = ports.len();
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), all);
    }
}
