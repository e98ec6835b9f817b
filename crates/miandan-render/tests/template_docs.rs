//! The examples of the documentation compile without a remark, and are laid out.

use miandan_core::label::Resolution;
use miandan_render::faces::Faces;
use miandan_render::frame::Frame;
use miandan_render::shipped;
use miandan_render::template::Template;

#[test]
fn examples_of_the_documentation_are_templates() {
    for (name, text) in [
        ("docs/templates.md", include_str!("../../../docs/templates.md")),
        ("docs/templates.zh-CN.md", include_str!("../../../docs/templates.zh-CN.md")),
    ] {
        let examples: Vec<&str> = text
            .split("```xml\n")
            .skip(1)
            .map(|rest| rest.split_once("```").expect("a fence is closed").0)
            .collect();
        assert_eq!(examples.len(), 15, "{name}");
        for example in examples {
            let kind = Template::kind_of(example.as_bytes());
            let template = match Template::compile_as(kind, example.as_bytes(), &Faces::default()) {
                Ok(template) => template,
                Err(error) => panic!("{name}: {error}\n{example}"),
            };
            assert_eq!(template.remarks(), [], "{name}\n{example}");
            let laid_out = template.layout(&shipped::sample(), Resolution::Dpi203, &mut Frame::default());
            assert_eq!(laid_out, Ok(()), "{name}\n{example}");
            for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
                assert_eq!(template.fault(&shipped::sample(), resolution), None, "{name}\n{example}");
            }
        }
    }
}
