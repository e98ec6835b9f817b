//! What holds of every conversation about a task, whatever the dialect and whatever happens to its labels.

use miandan_core::Code;
use miandan_protocol::{
    Dialect, DocumentProgress, DocumentState, Event, Generation, Notify, Platform, PreviewForm, Problem,
    RequestId, Spent, TaskProgress,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What becomes of a label.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Printed,
    Unmade,
    Jammed,
    Uncertain,
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let platform = prop::sample::select(Platform::ALL.to_vec());
    let generation = prop::sample::select(vec![Generation::V0, Generation::V1]);
    (platform, generation).prop_map(|(platform, generation)| Dialect { generation, ..Dialect::of(platform) })
}

fn notify() -> impl Strategy<Value = Notify> {
    let kinds = prop::sample::select(vec![(true, true), (true, false), (false, true)]);
    (kinds, any::<bool>()).prop_map(|((rendered, printed), each)| Notify { rendered, printed, each })
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate =
        prop::sample::select(vec![Fate::Printed, Fate::Printed, Fate::Unmade, Fate::Jammed, Fate::Uncertain]);
    prop::collection::vec(fate, 1..6)
}

fn preview() -> impl Strategy<Value = Option<PreviewForm>> {
    prop::sample::select(vec![None, None, Some(PreviewForm::Pdf), Some(PreviewForm::Image)])
}

/// All that is told of a task whose labels are made one after the other and printed as they come.
fn told(dialect: Dialect, notify: Notify, preview: Option<PreviewForm>, fates: &[Fate]) -> Vec<Value> {
    let document = |place: usize| DocumentProgress {
        document: format!("D{place}"),
        waybill: None,
        state: DocumentState::Pending,
        urls: Vec::new(),
        spent: Spent::default(),
        began: 0,
    };
    let mut task = TaskProgress {
        request: RequestId(json!("r1")),
        task: "t1".into(),
        printer: "P1".into(),
        preview,
        notify,
        documents: (0..fates.len()).map(document).collect(),
    };
    let mut messages = dialect.tell(&task, Event::Accepted);
    for (place, fate) in fates.iter().enumerate() {
        task.documents[place].state = match fate {
            Fate::Unmade => DocumentState::Failed(Problem::Refused(Code::Expired)),
            _ => DocumentState::Rendered,
        };
        messages.extend(dialect.tell(&task, Event::Rendered(place)));
        task.documents[place].state = match fate {
            Fate::Unmade => continue,
            Fate::Printed => DocumentState::Printed,
            Fate::Jammed => DocumentState::Failed(Problem::Printer("jam".into())),
            Fate::Uncertain => DocumentState::Unknown(Problem::Uncertain("the connection broke".into())),
        };
        if preview.is_some() {
            task.documents[place].urls = vec![format!("http://127.0.0.1/{place}")];
        }
        messages.extend(dialect.tell(&task, Event::Printed(place)));
    }
    messages.extend(dialect.tell(&task, Event::Ended));
    messages.iter().map(|message| serde_json::from_str(message).unwrap()).collect()
}

fn is_result(message: &Value) -> bool {
    message["cmd"] == "notifyPrintResult" || message["cmd"] == "PrintResultNotify"
}

/// What results say of a document, one after the other, but for that its label was made.
fn results<'a>(messages: &'a [Value], document: &str) -> Vec<&'a str> {
    messages
        .iter()
        .filter(|message| is_result(message) && message["taskStatus"] != "rendered")
        .flat_map(|message| message["printStatus"].as_array().unwrap())
        .filter(|status| status["documentID"] == document)
        .map(|status| status["status"].as_str().unwrap())
        .collect()
}

proptest! {
    #[test]
    fn the_answer_comes_before_everything_else(dialect in dialect(), notify in notify(), preview in preview(), fates in fates()) {
        let messages = told(dialect, notify, preview, &fates);
        let marked = |message: &&Value| ["requestID", "key"].iter().any(|name| message[name] == "r1");
        let first = messages.iter().find(marked).unwrap();
        match dialect.platform {
            Platform::Jd => prop_assert_eq!(&first["code"], if preview.is_some() { "8" } else { "2" }),
            Platform::Wechat => prop_assert_eq!(&first["command"], if preview.is_some() { "preview" } else { "print" }),
            _ => prop_assert_eq!(&first["cmd"], "print"),
        }
        prop_assert_eq!(first, &messages[0]);
    }

    #[test]
    fn the_end_of_every_label_is_told_once(dialect in dialect(), notify in notify(), fates in fates()) {
        let messages = told(dialect, notify, None, &fates);
        match dialect.platform {
            Platform::Jd => {
                prop_assert_eq!(messages.len(), 1);
                let good = fates.iter().all(|&fate| fate == Fate::Printed);
                prop_assert_eq!(&messages[0]["success"], if good { "true" } else { "false" });
                let failed = fates.iter().filter(|&&fate| fate != Fate::Printed).count();
                prop_assert_eq!(messages[0]["detailinfo"]["errors"].as_array().unwrap().len(), failed);
            }
            Platform::Wechat => {
                prop_assert_eq!(messages.len(), 1);
                for (place, fate) in fates.iter().enumerate() {
                    prop_assert_eq!(&messages[0]["results"][place]["success"], *fate == Fate::Printed);
                }
            }
            _ => for (place, fate) in fates.iter().enumerate() {
                let said = results(&messages, &format!("D{place}"));
                match fate {
                    // Who asked for nothing of paper is told of paper only where something is wrong.
                    Fate::Printed if !notify.printed => prop_assert!(said.iter().all(|&status| status == "success")),
                    Fate::Printed => prop_assert_eq!(said, ["success"]),
                    _ => prop_assert_eq!(said, ["failed"]),
                }
            },
        }
    }

    #[test]
    fn a_task_is_printed_only_if_all_of_it_is(dialect in dialect(), notify in notify(), fates in fates()) {
        let messages = told(dialect, Notify { each: false, ..notify }, None, &fates);
        let good = fates.iter().all(|&fate| fate == Fate::Printed);
        for message in messages.iter().filter(|message| is_result(message)) {
            if message["taskStatus"] == "printed" {
                prop_assert!(good);
            }
            if dialect.platform == Platform::Cainiao && dialect.generation == Generation::V1 && message["taskStatus"] != "rendered" {
                prop_assert_eq!(&message["status"], u8::from(!good));
            }
        }
        for message in messages.iter().filter(|message| message["status"] == "completeSuccess") {
            prop_assert!(good, "{}", message);
        }
    }

    #[test]
    fn a_preview_is_never_told_as_printed(dialect in dialect(), notify in notify(), form in any::<bool>(), count in 1usize..4) {
        let form = if form { PreviewForm::Pdf } else { PreviewForm::Image };
        let messages = told(dialect, notify, Some(form), &vec![Fate::Printed; count]);
        prop_assert!(messages.iter().all(|message| message["taskStatus"] != "printed"));
        let last = serde_json::to_string(&messages).unwrap();
        prop_assert!(last.contains("http://127.0.0.1/0"), "{}", last);
    }

    #[test]
    fn the_new_messages_are_of_the_new_generation(dialect in dialect(), notify in notify(), preview in preview(), fates in fates()) {
        let new = dialect.platform == Platform::Cainiao && dialect.generation == Generation::V1;
        let messages = told(dialect, notify, preview, &fates);
        let told = messages.iter().any(|message| message["cmd"] == "notifyTaskResult");
        prop_assert_eq!(told, new);
        prop_assert!(new || messages.iter().all(|message| message["cmd"] != "notifyDocResult"));
    }
}
