import Foundation
import Testing

extension EndToEnd {
    /// Whatever stands in records is text, and nothing that the page does not know is asked for.
    @Suite(.timeLimit(.minutes(3))) struct ReportSafetyTests {
        private static let hostile = GeneratedRecords.hostile

        /// A page on which every text is hostile, of a record, of a file's name and of the title.
        private func page() async throws -> ReportPage {
            let scratch = try Scratch()
            // A file's name has no slash, and is else as bad as it can be.
            let name = #"\"><img src=x onerror=window.harmed=1> #%?.png"#
            try FileManager.default.createDirectory(atPath: scratch.path("images"), withIntermediateDirectories: true)
            let file = name.replacingOccurrences(of: "\\\"", with: "\"")
            try Data(Picture.bytes).write(to: scratch.url.appendingPathComponent("images/\(file)"))
            let input = #"{"prompt":"\#(Self.hostile)","javascript:window.harmed=1":"javascript:window.harmed=1"}"#
            let lines = [
                GeneratedRecords.downloaded(0, path: "images/\(name)", input: input),
                GeneratedRecords.downloaded(1, path: "javascript:window.harmed=1", input: input),
                GeneratedRecords.downloaded(2, path: "https://example.org/x.png", input: input),
                GeneratedRecords.hostileFailure(3),
            ]
            return try await ReportPage(of: lines, in: scratch, ["--title", Self.hostile])
        }

        @Test func hostileTextAddsNoTag() async throws {
            let fetch = try Fetch(try await Simulator())
            func tags(_ manifest: String, _ prompt: String, _ title: String) async throws -> [String] {
                let object = try JSONSerialization.data(
                    withJSONObject: ["job_id": fixture(1), "prompt": prompt], options: [.withoutEscapingSlashes])
                let lines = [String(decoding: object, as: UTF8.self), line(fixture(4)), "{\"prompt\":\"\""]
                _ = try fetch.scratch.file(manifest, lines.joined(separator: "\n") + "\n")
                let ended = try await fetch.run(
                    arguments: Fetch.fast + ["--force", "-r", "\(manifest).results", manifest])
                #expect(ended.status == 1, "\(ended)")
                let made = try await fetch.start(
                    ["report", "--force", "-o", "\(manifest).html", "--title=\(title)", "\(manifest).results"],
                    environment: ["PATH": "/usr/bin:/bin"]
                ).end()
                #expect(made.status == 0, "\(made)")
                let page = try await ReadPage("\(manifest).html", in: fetch.scratch)
                #expect(page.records.contains(prompt.replacing("\"", with: #"\""#)))
                // Bars over time may stand together or apart.
                let drawn = ["rect", "line", "text", "title", "tr", "td"]
                return page.tags.filter { tag in !drawn.contains { tag == $0 || tag.hasPrefix("\($0) ") } }
            }
            let tame = try await tags("tame.jsonl", "a cat", "A night")
            for text in ["</script><img src=x onerror=alert(1)>", "\"><img src=x>", "--><img src=x>"] {
                let name = "a" + text.replacing("/", with: "_")
                #expect(try await tags("\(name).jsonl", text, text) == tame)
            }
        }

        @Test func hostileTextIsText() async throws {
            let page = try await page()
            try await Browser.with { browser in
                try await browser.open(page)
                let plain = Self.hostile.replacingOccurrences(of: "\\\"", with: "\"")
                #expect(try await browser.value("document.title") == Self.hostile)
                #expect(try await browser.text(".group .reason") == plain)
                try await browser.scrollToSheet()
                #expect(try await browser.texts(".card .prompt") == Array(repeating: plain, count: 4))
                for number in 1...4 {
                    let id = fixture(number == 4 ? 4 : 1, picture: number - 1)
                    try await browser.open(page, "open=\(id)")
                    try await browser.wait(until: "document.querySelector('#record').textContent.includes('\(id)')")
                }
                #expect(try await browser.value("window.harmed === undefined"))
                // The one script, and no element that a record brought.
                #expect(try await browser.count("script:not([type='text/plain'], [type='application/json'])") == 1)
                #expect(try await browser.count("[onerror], [onload], img[src=x], a[href^='javascript:']") == 0)
            }
        }

        @Test func whatTurnsTheTextAroundItIsShown() async throws {
            let sign = "\u{202E}"
            let input = #"{"prompt":"a\#(sign)gnp.b","note":"\#(sign)"}"#
            let failure = GeneratedRecords.hostileFailure(1).replacingOccurrences(
                of: GeneratedRecords.hostile, with: "r\(sign)s")
            let page = try await ReportPage(
                of: [GeneratedRecords.downloaded(0, path: "images/\(sign)0.png", input: input), failure],
                in: try Scratch(), ["--title", "t\(sign)u"])
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                #expect(try await browser.text("h1") == #"t\u{202e}u"#)
                #expect(try await browser.text(".group .reason") == #"r\u{202e}s"#)
                try await browser.wait(until: "document.querySelector('.card .without.warning')")
                #expect(try await browser.text(".card .why").hasSuffix(#"images/\u{202e}0.png"#))
                #expect(try await browser.texts(".card .prompt").contains(#"a\u{202e}gnp.b"#))
                // The script knows the group by its own text.
                try await browser.click(".group [data-do=copy-ids]")
                try await browser.wait(until: "document.querySelector('.group .done').innerText === '1 id copied'")
                try await browser.click(".card:has(.without.warning)")
                try await browser.wait(until: "document.querySelector('#record').textContent !== ''")
                #expect(try await browser.value("!document.body.innerText.includes('\\u202e')"))
                let prompt = "JSON.parse(document.querySelector('#record').textContent).input.prompt"
                #expect(try await browser.value(prompt) == "a\(sign)gnp.b")
            }
        }

        @Test func strangeFileNamesAreFoundAndForeignAddressesAreNotAskedFor() async throws {
            let page = try await page()
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                try await browser.wait(until: "document.querySelector('.card img')?.naturalWidth > 0")
                try await browser.wait(until: "document.querySelectorAll('.card .without.warning').length === 2")
                let requests = try await browser.requests(of: page.url)
                #expect(requests.allSatisfy { $0.hasPrefix(page.scratch.url.absoluteString) }, "\(requests)")
                // Two files are missing; the policy has had nothing to refuse.
                let complaints = try await browser.complaints()
                #expect(complaints.allSatisfy { $0.contains("ERR_FILE_NOT_FOUND") }, "\(complaints)")
            }
        }

        @Test func policyLetsNothingElseIn() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with { browser in
                try await browser.open(page)
                // What a script that found its way in would try.
                let refused = """
                    const found = [];
                    document.addEventListener('securitypolicyviolation', event => found.push(event.effectiveDirective));
                    const add = (tag, fields) => document.body.append(Object.assign(document.createElement(tag), fields));
                    add('img', { src: 'https://example.org/x.png' });
                    add('script', { textContent: 'window.harmed = 1' });
                    add('style', { textContent: 'body { color: red }' });
                    add('iframe', { src: 'https://example.org/' });
                    add('object', { data: 'https://example.org/' });
                    document.body.setAttribute('style', 'color: red');
                    fetch('https://example.org/').catch(() => {});
                    setTimeout(() => done(found), 300);
                    """
                let found = try await browser.outcome(of: refused) as? [String] ?? []
                let wanted: Set = [
                    "img-src", "script-src-elem", "style-src-elem", "frame-src", "object-src", "style-src-attr",
                    "connect-src",
                ]
                #expect(Set(found) == wanted)
                #expect(try await browser.value("window.harmed === undefined"))
            }
        }
    }
}
