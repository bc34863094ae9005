import Foundation
import Testing

extension EndToEnd {
    /// The large view and what leaves the page: ids and records.
    @Suite(.timeLimit(.minutes(3))) struct ReportViewerTests {
        private let focused = "document.activeElement.closest('.cell')?.dataset.position"

        /// Presses Tab from the search on, until the contact sheet has the focus.
        private func tabToSheet(_ browser: Browser) async throws {
            try await browser.run("document.querySelector('#search').focus()")
            for _ in 0..<20 where try await browser.value("\(focused) === undefined") {
                try await browser.press(.tab)
            }
        }

        @Test func keysOpenLeadOnAndClose() async throws {
            let page = try await ReportNight.shared().page()
            let records = try page.records()
            try await Browser.with { browser in
                try await browser.open(page)
                try await tabToSheet(browser)
                #expect(try await browser.value(focused) == "0")
                try await browser.press(.right, .right)
                #expect(try await browser.value(focused) == "2")
                try await browser.press(.end)
                #expect(try await browser.value(focused) == "\(records.count - 1)")
                try await browser.press(.home, .right, .enter)
                try await browser.wait(until: "document.querySelector('#viewer').open")
                #expect(try await browser.text("#viewer-place") == "2 of \(records.count)")
                try await browser.press(.right, .right, .left)
                #expect(try await browser.text("#viewer-place") == "3 of \(records.count)")
                try await browser.wait(until: "document.querySelector('#record').textContent !== ''")
                // The record stands there digit by digit.
                let text = try await browser.text("#record")
                let number = try #require(text.firstMatch(of: /"line": ([0-9]+)/)).1
                #expect(try await browser.value("decodeURIComponent(location.hash).startsWith('#open=')"))
                try await browser.press(.escape)
                try await browser.wait(until: "!document.querySelector('#viewer').open && location.hash === ''")
                #expect(try await browser.value(focused) == "2")
                let card = try await browser.value("document.activeElement.textContent", as: String.self)
                let record = try #require(records.first { String($0.number) == number })
                #expect(card.contains(record.jobID?.prefix(8) ?? "jobs.jsonl"))
            }
        }

        @Test func everyJobOpensAndShowsItsRecord() async throws {
            let page = try await ReportNight.shared().page()
            let records = try page.records()
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                try await browser.click(".card")
                var seen: [String] = []
                for number in 1...records.count {
                    let place =
                        "document.querySelector('#viewer-place').textContent === '\(number) of \(records.count)'"
                    try await browser.wait(until: place)
                    let line = "try { done(JSON.stringify(JSON.parse(document.querySelector('#record').textContent))) }"
                    let outcome = try await browser.outcome(of: "\(line) catch { done('') }")
                    seen.append(outcome as? String ?? "")
                    let hasPicture = try await browser.count("#viewer-picture img") == 1
                    #expect(hasPicture == (try Record(seen[number - 1]).status == "downloaded"))
                    if number < records.count { try await browser.press(.right) }
                }
                let ids = try seen.map { try Record($0).number }
                #expect(ids.sorted() == records.map(\.number).sorted())
                #expect(try await browser.value("document.querySelector('#next').ariaDisabled === 'true'"))
            }
        }

        @Test func openRecordStandsInTheFragment() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with { browser in
                try await browser.open(page, "search=fox&open=\(ReportNight.id(7))")
                try await browser.wait(until: "document.querySelector('#viewer').open")
                #expect(try await browser.text("#viewer-title") == ReportNight.jobs[7].prompt)
                #expect(try await browser.text("#viewer-place").hasSuffix("of 2"))
                try await browser.run("location.hash = '#search=fox&open=\(ReportNight.id(1))'")
                let title = try literal(ReportNight.jobs[1].prompt)
                try await browser.wait(until: "document.querySelector('#viewer-title').textContent === \(title)")
                try await browser.run("location.hash = '#search=fox'")
                try await browser.wait(until: "!document.querySelector('#viewer').open")
                // The way back from a picture that was clicked is the sheet.
                try await browser.click(".card")
                try await browser.wait(until: "location.hash.includes('open=')")
                try await browser.goBack()
                try await browser.wait(until: "!document.querySelector('#viewer').open")
                #expect(try await browser.value("location.hash") == "#search=fox")
            }
        }

        @Test func recordThatTheSearchLeavesOutOpensAlone() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with { browser in
                try await browser.open(page, "search=fox&open=\(ReportNight.id(0))")
                try await browser.wait(until: "document.querySelector('#viewer').open")
                try await browser.press(.right)
                #expect(try await browser.text("#viewer-title") == ReportNight.jobs[0].prompt)
                #expect(try await browser.text("#viewer-place") == "")
                #expect(try await browser.value("document.querySelector('#next').ariaDisabled === 'true'"))
            }
        }

        @Test func longPromptLeavesTheButtonsInView() async throws {
            let input = #"{"prompt":"\#(String(repeating: "long ", count: 2000))"}"#
            let page = try await ReportPage(
                of: [GeneratedRecords.downloaded(0, path: "images/0.png", input: input)], in: try Scratch())
            for (width, height) in [(1440, 900), (390, 844)] {
                try await Browser.with(.init(width: width, height: height)) { browser in
                    try await browser.open(page, "open=\(fixture(1, picture: 0))")
                    try await browser.wait(until: "document.querySelector('#record').textContent !== ''")
                    let bottoms = "[...document.querySelectorAll('#viewer button, #facts dt')].slice(0, 7)"
                    let inView = "\(bottoms).every(each => each.getBoundingClientRect().bottom < window.innerHeight)"
                    #expect(try await browser.value(inView))
                    let title = "document.querySelector('#viewer-title').getBoundingClientRect().width"
                    #expect(try await browser.value("\(title) > 300"))
                    // What cannot be typed into does not look as if it could.
                    #expect(try await browser.value("getComputedStyle(document.activeElement).outlineStyle") == "none")
                }
            }
        }

        @Test func idsAreCopied() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with { browser in
                try await browser.command("Browser.grantPermissions", ["permissions": ["clipboardReadWrite"]])
                try await browser.open(page)
                try await browser.click(".group[data-code=job_failed] [data-do=copy-ids]")
                try await browser.wait(
                    until: "document.querySelector('[data-code=job_failed] .done').innerText === '2 ids copied'")
                let copied = try await browser.outcome(of: "navigator.clipboard.readText().then(done, done)") as? String
                let ids = try page.records().filter { $0.code == "job_failed" }.compactMap(\.jobID)
                #expect(copied?.split(separator: "\n").sorted() == ids.map { $0[...] }.sorted())
            }
        }

        @Test func savedRecordsAreTheirBytesAndAManifest() async throws {
            let night = try await ReportNight.shared()
            let page = try await night.page()
            let failed = try page.lines.filter { try Record($0).code == "corrupt_png" }
            let expected = failed.map { $0 + "\n" }.joined()
            try await Browser.with { browser in
                try await browser.open(page)
                let group = ".group[data-code=corrupt_png]"
                let name =
                    try await browser.value("document.querySelector('\(group) h3').id", as: String.self) + ".jsonl"
                try await browser.click("\(group) [data-do=save-records]")
                try await browser.wait(until: "document.querySelector('\(group) .done').innerText.includes('saved')")
                let saved = browser.downloads.appendingPathComponent(name)
                try await browser.wait(forFile: saved)
                #expect(try String(contentsOf: saved, encoding: .utf8) == expected)
                // They are what the next run is told to do.
                let simulator = try await Simulator()
                let fetch = try Fetch(simulator)
                let ended = try await fetch.run(arguments: Fetch.fast + [saved.path])
                let again = try ended.records()
                #expect(again.map(\.jobID) == (try failed.map { try Record($0).jobID }), "\(ended)")
                #expect(again.map(\.runs) == [2])
                // What the search leaves is saved alike.
                try await browser.click("#status-filter [data-status=invalid]")
                try await browser.wait(forJobs: 1)
                try await browser.click("#save-shown")
                let shown = browser.downloads.appendingPathComponent("records.jsonl")
                try await browser.wait(forFile: shown)
                let invalid = try page.lines.filter { try Record($0).status == "invalid" }
                #expect(try String(contentsOf: shown, encoding: .utf8) == invalid.map { $0 + "\n" }.joined())
            }
        }
    }
}

extension Browser {
    /// Waits until a file that the page saves is there, whole; the browser gives it its name at the end.
    func wait(forFile url: URL, _ location: SourceLocation = #_sourceLocation) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while !FileManager.default.fileExists(atPath: url.path) {
            try #require(ContinuousClock.now < end, "\(url.path) was not saved", sourceLocation: location)
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
