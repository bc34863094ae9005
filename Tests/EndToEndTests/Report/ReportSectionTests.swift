import Foundation
import Testing

extension EndToEnd {
    /// What stands on the page, in a browser.
    @Suite(.timeLimit(.minutes(3))) struct ReportSectionTests {
        /// The count that stands before each word, such as `285` for `downloaded`.
        private func counts(_ texts: [String]) -> [String: Int] {
            let pairs = texts.compactMap { text -> (String, Int)? in
                let words = text.split(whereSeparator: \.isWhitespace)
                guard words.count >= 2, let count = Int(words[0]) else { return nil }
                return (String(words[1]), count)
            }
            return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        }

        @Test func sectionsSayWhatTheRecordsSay() async throws {
            let page = try await ReportNight.shared().page(["--title", "The night of the tests"])
            let records = try page.records()
            try await Browser.with { browser in
                try await browser.open(page)
                #expect(try await browser.value("document.title") == "The night of the tests")
                #expect(try await browser.texts("h1") == ["The night of the tests"])
                #expect(try await browser.texts("h2") == ["Summary", "To do", "The night", "Images"])
                let byStatus = Dictionary(grouping: records, by: \.status).mapValues(\.count)
                #expect(counts(try await browser.texts(".statuses .status")) == byStatus)
                #expect(try await browser.text("#count") == "\(records.count) jobs")
                let groups = try await browser.texts(".group header")
                let failed = records.filter { $0.code == "job_failed" }
                #expect(failed.count == 2)
                #expect(groups.contains { $0.hasPrefix("2 jobs") && $0.contains("job_failed") }, "\(groups)")
                // A figure has a plot, or its caption says why there is none.
                #expect(try await browser.count(".plot-figure") == 4)
                #expect(try await browser.count(".plot") >= 3)
                #expect(try await browser.texts("figcaption").filter { !$0.isEmpty }.count == 4)
                // Every job has a card, with a picture where there is one.
                try await browser.scrollToSheet()
                #expect(try await browser.count(".card") == records.count)
                try await browser.waitForPictures()
                #expect(try await browser.count(".card img") == byStatus["downloaded"])
            }
        }

        @Test func pageAsksForNothingButItsImages() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                try await browser.waitForPictures()
                let allowed = try page.records().compactMap { $0.image["path"] as? String }
                    .map { page.scratch.url.appendingPathComponent($0).absoluteString }
                let requests = Set(try await browser.requests(of: page.url))
                #expect(requests == Set(allowed + [page.url.absoluteString]))
                #expect(try await browser.complaints() == [])
            }
        }

        @Test func withoutJavaScriptTotalsFailuresAndPlotsAreThere() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with(.init(runsScript: false)) { browser in
                try await browser.open(page.url)
                #expect(try await browser.texts("h2") == ["Summary", "To do", "The night", "Images"])
                #expect(try await browser.count(".statuses .status") == 5)
                #expect(try await browser.texts(".group .reason").allSatisfy { !$0.isEmpty })
                try await browser.run("for (const each of document.querySelectorAll('details')) each.open = true")
                let jobs = try await browser.texts(".group .first li").joined(separator: "\n")
                #expect(jobs.contains(ReportNight.id(6)) && jobs.contains(ReportNight.id(7)), "\(jobs)")
                #expect(try await browser.count(".plot rect") > 0)
                #expect(try await browser.texts(".numbers td").allSatisfy { !$0.isEmpty })
                #expect(try await browser.text("noscript").contains("JavaScript"))
                let left = { (selector: String) in "document.querySelector('\(selector)').getBoundingClientRect().left"
                }
                #expect(try await browser.value("\(left("noscript p")) === \(left("#images h2"))"))
                // What needs JavaScript is not offered.
                let offered = "[...document.querySelectorAll('button, input, select')].some(e => e.checkVisibility())"
                #expect(try await browser.value(offered) == false)
            }
        }

        @Test func missingFileShowsAsMissing() async throws {
            let page = try await ReportNight.shared().page()
            let record = try #require(try page.records().first { $0.status == "downloaded" })
            let path = try #require(record.image["path"] as? String)
            try FileManager.default.removeItem(atPath: page.scratch.path(path))
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                try await browser.wait(until: "document.querySelector('.card .without.warning')")
                let missing = try await browser.texts(".card .without.warning")
                #expect(missing.count == 1 && missing.allSatisfy { $0.hasPrefix("missing") && $0.contains(path) })
                // It opens like any other.
                try await browser.click(".card:has(.without.warning)")
                try await browser.wait(until: "document.querySelector('#viewer-picture .without.warning')")
                #expect(try await browser.text("#record").contains(record.jobID ?? "none"))
            }
        }

        @Test func nightWithoutFailuresHasNothingToDo() async throws {
            let night = try await ReportNight.shared()
            let good = try night.lines.filter { try Record($0).status == "downloaded" }
            let page = try await night.page(of: good)
            try await Browser.with { browser in
                try await browser.open(page)
                #expect(try await browser.text(".headline") == "All \(good.count) images are there.")
                #expect(try await browser.count(".group") == 0)
                #expect(try await browser.text("#to-do").contains("Nothing"))
            }
        }
    }
}
