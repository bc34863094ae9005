import FetchCore
import Foundation
import JSONBridge
import Records
import Testing

@testable import Report

@Suite struct ReportPageTests {
    /// The records that a page holds, block by block.
    private func records(in page: String) throws -> [String] {
        try page.matches(of: /<script [^>]*class="records"[^>]*>([^<]*)<\/script>/).map {
            String(decoding: try unpacked(Array($0.1.utf8)), as: UTF8.self)
        }
    }

    @Test func recordsStandInThePageByteForByteInTheOrderOfManifestAndLine() throws {
        let lines = [
            PageSample.downloaded(3), PageSample.failed(1), PageSample.downloaded(7, manifest: "b.jsonl"),
            PageSample.downloaded(2),
        ]
        let page = try PageMaker().page(of: lines)
        #expect(try records(in: page) == [[lines[1], lines[3], lines[0], lines[2]].map { $0 + "\n" }.joined()])
    }

    @Test func ofEachJobTheRecordCountsThatWasFinishedLast() throws {
        let page = try PageMaker().page(of: [PageSample.downloaded(1, at: 9), PageSample.failed(1, at: 3)])
        #expect(page.contains("The image is there."))
        #expect(try records(in: page) == [PageSample.downloaded(1, at: 9) + "\n"])
    }

    @Test func sameRecordsGiveTheSameBytes() throws {
        let lines = (1...50).map { $0 % 3 == 0 ? PageSample.failed($0) : PageSample.downloaded($0) }
        #expect(try PageMaker().page(of: lines) == PageMaker().page(of: lines))
    }

    @Test func nightWithoutJobsHasAPage() throws {
        let page = try PageMaker().page(of: [])
        #expect(page.contains("A night without jobs."))
        for heading in ["Summary", "To do", "The night", "Images"] { #expect(page.contains(heading)) }
        #expect(!page.contains("class=\"plot\""))
        #expect(page.contains("There are no records."))
        #expect(try records(in: page).isEmpty)
    }

    /// The reason is shown with an escape, and is given to the script as it is, among the settings.
    @Test func textThatTurnsItsSurroundingsIsShown() throws {
        var maker = try PageMaker()
        maker.title = "a\u{202E}b"
        maker.notices = ["the results file \u{1B}[1m"]
        let page = try maker.page(of: [PageSample.failed(1, reason: "r\u{2067}s")])
        #expect(page.contains(#"a\u{202e}b</h1>"#))
        #expect(page.contains(#"the results file \u{1b}[1m"#))
        #expect(page.contains(#">r\u{2067}s</p>"#) && page.contains("\"reason\":\"r\u{2067}s\"}"))
    }

    @Test func summaryThatIsGivenTwiceIsOneNight() throws {
        let before = PastSummary(
            startedAt: PageSample.start + .seconds(-86_400), finishedAt: PageSample.start + .seconds(-80_000),
            images: 7, failures: 1, elapsed: .seconds(9), creditsUsed: 2)
        var maker = try PageMaker()
        maker.history = [before]
        let once = try maker.page(of: [PageSample.downloaded(1)])
        maker.history = [before, before]
        #expect(try maker.page(of: [PageSample.downloaded(1)]) == once)
    }

    /// A merge wrote such a record, and no job ended then.
    @Test func jobsThatNoRunRecordedHaveNoTime() throws {
        let lost = PageSample.failed(9, "pending", code: "no_record", at: 90_000)
        let lines = (1...3).map { PageSample.downloaded($0) }
        let page = try PageMaker().page(of: lines + [lost])
        #expect(page.contains(">2026-03-01 09:29 to 09:30 UTC, 3.5 s<"))
        #expect(page.contains("1 job that no run recorded has no time."))
        #expect(page.contains("<td>2026-03-01 09:30:0"))
        let alone = try PageMaker().page(of: [lost])
        #expect(alone.contains("Jobs without a record") && alone.contains("No record tells when a job ended."))
    }

    @Test func whatIsLeftOutIsSaid() throws {
        var maker = try PageMaker()
        maker.limits = RecordSelection.Limits(records: 3, bytes: 1 << 20)
        let lines = (1...5).map { PageSample.downloaded($0) } + [PageSample.failed(6)]
        let page = try maker.page(of: lines)
        #expect(page.contains("This page holds 3 of 6 records"))
        #expect(page.contains(#""records":3,"leftOut":3"#))
        #expect(try records(in: page) == [[lines[3], lines[4], lines[5]].map { $0 + "\n" }.joined()])
        #expect(page.contains("5 of 6 images are there"))
    }

    @Test func noticesAndHistoryAreThere() throws {
        var maker = try PageMaker()
        maker.notices = ["the results file r: line 3 is no result record"]
        maker.history = [
            PastSummary(
                startedAt: PageSample.start + .seconds(-86_400), finishedAt: PageSample.start + .seconds(-80_000),
                images: 7, failures: 1, elapsed: .seconds(9), creditsUsed: 2),
            // Of this very night.
            PastSummary(
                startedAt: PageSample.start + .seconds(-5), finishedAt: PageSample.start + .seconds(60), images: 77,
                failures: 1, elapsed: .seconds(65), creditsUsed: 2),
            // Of a later one.
            PastSummary(
                startedAt: PageSample.start + .seconds(86_400), finishedAt: PageSample.start + .seconds(86_460),
                images: 88, failures: 1, elapsed: .seconds(60), creditsUsed: 2),
        ]
        let page = try maker.page(of: [PageSample.downloaded(1)])
        #expect(page.contains("line 3 is no result record"))
        #expect(page.contains("Images each night") && page.contains("2026-02-28: 7<"))
        #expect(!page.contains(": 77<") && !page.contains(": 88<"))
        #expect(page.contains("One summary is left out: its run did not begin before this night."))
        #expect(try !PageMaker().page(of: [PageSample.downloaded(1)]).contains("Images each night"))
    }

    @Test func noticesAreBounded() throws {
        var maker = try PageMaker()
        maker.notices = (1...25).map { "Notice \($0)." }
        let page = try maker.page(of: [])
        #expect(page.contains("Notice 20.") && !page.contains("Notice 21."))
        #expect(page.contains("5 further notices are left out."))
    }

    @Test func placeOfThePageIsInItOnlyWithImagesNamedFromTheRoot() throws {
        var maker = try PageMaker()
        maker.place = PagePlace(directory: "/srv/reports", workingDirectory: "/srv")
        #expect(try maker.page(of: [PageSample.downloaded(1)]).contains(#"{"imageBase":"../","pageDirectory":null"#))
        let rooted = try maker.page(of: [PageSample.downloaded(1, path: "/mnt/a.png")])
        #expect(rooted.contains(#""pageDirectory":"/srv/reports/""#))
    }

    /// Text that would be markup, end a script, a comment, an attribute or a line if it were passed on as it is; also with
    /// a mark behind each sign.
    private static let hostile = [
        "</script><img src=x onerror=alert(1)>", "--><img src=x onerror=alert(1)>", "\"><img src=x onerror=alert(1)>",
        "'><img src=x onerror=alert(1)>", "<\u{301}img src=x onerror=alert(1)>", "\"\u{301}><img src=x>",
        "\u{2028}<img src=x>\u{2029}", "{{{script}}}<img src=x>", "&lt;img src=x&gt;<img src=x>",
    ]

    @Test(arguments: hostile)
    func textFromRecordsAndTitlesIsNeverMarkup(text: String) throws {
        var maker = try PageMaker()
        maker.title = text
        maker.notices = [text]
        let page = try maker.page(of: [
            PageSample.downloaded(1, manifest: text, path: "\(text).png", input: .string(text)),
            PageSample.failed(
                2, code: text, action: "rerun", reason: text, message: text, manifest: text,
                input: .object([("prompt", .string(text))])),
            PageSample.failed(3, "invalid", code: "invalid_json", action: "fix", reason: text, message: text),
        ])
        #expect(!page.contains("<img"), "\(page)")
        #expect(!page.contains("<\u{301}"))
        maker.title = "A night"
        maker.notices = ["A notice."]
        let tame = try maker.page(of: [
            PageSample.downloaded(1), PageSample.failed(2, input: .object([])),
            PageSample.failed(3, "invalid", code: "invalid_json", action: "fix"),
        ])
        // As many tags as there are with harmless text.
        #expect(page.utf8.count { $0 == UInt8(ascii: "<") } == tame.utf8.count { $0 == UInt8(ascii: "<") })
    }

    @Test func policyNamesScriptAndStyleByTheirBytesAndPermitsImagesAlone() throws {
        #expect(
            ContentPolicy.text(style: Array("abc".utf8), script: [])
                == "default-src 'none'; img-src 'self' file:; "
                + "style-src 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='; "
                + "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; base-uri 'none'; form-action 'none'"
        )
        let page = try PageMaker().page(of: [])
        #expect(page.contains("default-src &#39;none&#39;"))
    }

    @Test func scriptAndStyleDoNotEndThemselves() {
        for bytes in [PageFiles.script, PageFiles.style] {
            let text = String(decoding: bytes, as: UTF8.self).lowercased()
            for sign in ["</script", "</style", "<!--", "\r", "\0"] { #expect(!text.contains(sign)) }
        }
    }

    /// One that is forgotten in the list would be missed by a person alone.
    @Test func everyFileOfThePageIsInIt() throws {
        let resources = URL(filePath: #filePath).appending(path: "../../../Sources/Report/Resources").standardized
        for (folder, whole) in [("Script", PageFiles.script), ("Style", PageFiles.style)] {
            let files = try FileManager.default.contentsOfDirectory(
                at: resources.appending(path: folder), includingPropertiesForKeys: nil)
            let parts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
            let text = String(decoding: whole, as: UTF8.self)
            #expect(parts.allSatisfy { text.contains($0) })
            #expect(text.utf8.count == parts.reduce(0) { $0 + $1.utf8.count } + parts.count - 1)
        }
    }

    /// A name of the template that stands for nothing would leave a hole in the page.
    @Test func templateNamesOnlyWhatAPageHas() throws {
        let template = try Template(PageFiles.template)
        let known: Set = [
            ".", "title", "headline", "tone", "span", "csp", "style", "script", "statuses", "name", "count", "percent",
            "share", "totals", "label", "value", "hint", "notices", "groups", "id", "status", "code", "action", "jobs",
            "reason", "message", "command", "first", "job_id", "where", "more", "nothingToDo", "plots", "svg",
            "caption",
            "columns", "rows", "cells", "blocks", "data", "settings", "rerun", "rerun_of_all", "sentence", "number",
            "further", "legend", "keys",
        ]
        #expect(template.names.subtracting(known) == [])
    }
}
