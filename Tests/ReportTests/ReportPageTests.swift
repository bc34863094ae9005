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

    @Test func failuresAreGroupedWithTheirReasonAndCommand() throws {
        let lines =
            (1...25).map { PageSample.failed($0) }
            + [
                PageSample.failed(30, code: "url_rejected", action: "fix", reason: "Name the host."),
                PageSample.failed(31, code: "url_rejected", action: "fix", reason: "Permit http."),
                PageSample.failed(32, "duplicate", code: "duplicate_job_id", action: "none", reason: "Fetched once."),
            ]
        let page = try PageMaker().page(of: lines)
        #expect(page.contains("25 jobs"))
        #expect(page.contains("and 5 more"))
        #expect(page.contains("pictory-fetch jobs.jsonl # failed-timeout-rerun.jsonl"))
        #expect(page.contains("Name the host.") && page.contains("Permit http."))
        #expect(!page.contains("Fetched once."))
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
        ]
        let page = try maker.page(of: [PageSample.downloaded(1)])
        #expect(page.contains("line 3 is no result record"))
        #expect(page.contains("Images each night") && page.contains("2026-02-28: 7<"))
        #expect(!page.contains(": 77<"))
        #expect(try !PageMaker().page(of: [PageSample.downloaded(1)]).contains("Images each night"))
    }

    @Test func noticesAreBounded() throws {
        var maker = try PageMaker()
        maker.notices = (1...25).map { "Notice \($0)." }
        let page = try maker.page(of: [])
        #expect(page.contains("Notice 20.") && !page.contains("Notice 21."))
        #expect(page.contains("5 further lines or files are passed over."))
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
            "columns", "rows", "cells", "blocks", "data", "settings",
        ]
        #expect(template.names.subtracting(known) == [])
    }
}

@Suite struct FailureGroupsTests {
    @Test func groupsAreBoundedAndTheRestIsCounted() throws {
        let lines = (1...130).map { PageSample.failed($0, reason: "Reason \($0).") }
        let page = try PageMaker().page(of: lines)
        #expect(page.contains("30 failures of further kinds are not listed"))
        #expect(page.contains("Reason 100.") && !page.contains("Reason 101."))
    }
}
