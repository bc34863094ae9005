import Foundation
import Testing

extension EndToEnd {
    /// Search, filters, and the url's fragment that says what is shown.
    @Suite(.timeLimit(.minutes(3))) struct ReportSearchTests {
        private func isShown(_ browser: Browser, _ indices: [Int], _ location: SourceLocation = #_sourceLocation)
            async throws
        {
            try await browser.wait(forJobs: indices.count, location)
            let prompts = try await browser.texts(".card .prompt")
            #expect(prompts.sorted() == indices.map { ReportNight.jobs[$0].prompt }.sorted(), sourceLocation: location)
        }

        private func search(_ browser: Browser, _ text: String) async throws {
            try await browser.run("document.querySelector('#search').value = ''")
            try await browser.type(text, into: "#search")
        }

        @Test func searchFindsPartsOfWordsAndNumbersInAnyCase() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                #expect(try await browser.value("document.querySelector('#search').labels[0].innerText") == "Search")
                try await search(browser, "lIGHThouse")
                try await isShown(browser, [0, 3])
                try await search(browser, "ÄRGER")
                try await isShown(browser, [2])
                try await search(browser, "ox")
                try await isShown(browser, [1, 7])
                // All words have to be there, in any order; in quotation marks they are one.
                try await search(browser, "cliff light")
                try await isShown(browser, [0])
                try await search(browser, "\"a fox\"")
                try await isShown(browser, [7])
                // A number is found by its digits, more of them than a number of JavaScript has.
                try await search(browser, ReportNight.seed(4))
                try await isShown(browser, [4])
                try await search(browser, String(ReportNight.id(5).dropFirst(20)).uppercased())
                try await isShown(browser, [5])
                // The names of fields are not what somebody looks for.
                try await search(browser, "customer")
                try await browser.wait(forJobs: 0)
                try await browser.wait(until: "document.querySelector('#announcement').textContent.startsWith('0 of')")
            }
        }

        /// Other programs put the fields of a record in an order of their own.
        @Test func numbersAreFoundAsTheyAreSpelledWhereverTheInputStands() async throws {
            let lines = GeneratedRecords.many(3).enumerated().map { index, line in
                let input = #""input":{"nested":{"input":[1]},"seed":9007199254740993\#(index),"rate":1.50}"#
                return index == 0
                    ? line.replacing(/"input":\{.*\}\}$/, with: "\(input)}")
                    : "{\(input)," + line.dropFirst().replacing(/,"input":\{.*\}\}$/, with: "}")
            }
            let page = try await ReportPage(of: lines, in: try Scratch())
            try await Browser.with { browser in
                try await browser.open(page, "search=9007199254740993")
                try await browser.wait(forJobs: 3)
                try await search(browser, "90071992547409932")
                try await browser.wait(forJobs: 1)
                try await search(browser, "1.50")
                try await browser.wait(forJobs: 3)
            }
        }

        @Test func filtersByStatusCodeAndWarningGoTogether() async throws {
            let page = try await ReportNight.shared().page()
            let records = try page.records()
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                try await browser.click("#status-filter [data-status=failed]")
                try await browser.wait(forJobs: records.count { $0.status == "failed" })
                try await browser.click("#status-filter [data-status=pending]")
                try await browser.wait(forJobs: records.count { ["failed", "pending"].contains($0.status) })
                try await search(browser, "fox")
                try await isShown(browser, [7])
                try await browser.click("#clear")
                try await browser.wait(forJobs: records.count)
                #expect(try await browser.value("document.querySelector('#search').value") == "")
                for code in Set(records.compactMap(\.code)) {
                    try await browser.click("#code option[value=\(code)]")
                    try await browser.wait(forJobs: records.count { $0.code == code })
                }
                try await browser.click("#code option[value='']")
                try await browser.click("#warning option[value=dimension_mismatch]")
                try await browser.wait(forJobs: 1)
                #expect(records.count { $0.warnings == ["dimension_mismatch"] } == 1)
            }
        }

        @Test func fragmentSaysWhatIsShownAndIsFollowed() async throws {
            let page = try await ReportNight.shared().page()
            let records = try page.records()
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                try await search(browser, "fox")
                try await browser.click("#status-filter [data-status=failed]")
                try await isShown(browser, [7])
                try await browser.wait(until: "location.hash === '#search=fox&status=failed'")
                // The same address opens the same view.
                try await browser.open(URL(fileURLWithPath: "/dev/null"))
                try await browser.open(page, "search=fox&status=failed")
                try await isShown(browser, [7])
                #expect(try await browser.value("document.querySelector('#search').value") == "fox")
                let pressed = "document.querySelector('#status-filter [data-status=failed]').ariaPressed"
                #expect(try await browser.value(pressed) == "true")
                // A fragment that changes under the page is followed, and so is the way back.
                try await browser.run("location.hash = '#code=job_failed'")
                try await isShown(browser, [6, 7])
                try await browser.goBack()
                try await isShown(browser, [7])
                try await browser.run("location.hash = ''")
                try await browser.wait(forJobs: records.count)
                // What the page does not know shows nothing, and harms nothing.
                try await browser.run("location.hash = '#status=%00&code=%ff&open=nobody&%'")
                try await browser.wait(forJobs: 0)
                #expect(try await browser.complaints() == [])
            }
        }

        @Test func onlyWhatIsInViewIsInTheDocument() async throws {
            let scratch = try Scratch()
            let page = try await ReportPage(of: GeneratedRecords.many(6000), in: scratch)
            try await Browser.with { browser in
                let watch = """
                    new MutationObserver((changes, observer) => {
                        if (!document.querySelector(".cell")) return;
                        window.busyAtFirstCard = document.querySelector("#sheet").ariaBusy;
                        observer.disconnect();
                    }).observe(document, { childList: true, subtree: true });
                    """
                try await browser.command("Page.addScriptToEvaluateOnNewDocument", ["source": watch])
                try await browser.open(page, "search=number")
                try await browser.wait(forJobs: 6000)
                // The first cards are there before the last record has been read.
                #expect(try await browser.value("window.busyAtFirstCard") == "true")
                try await browser.run("window.scrollTo({ top: document.body.scrollHeight / 2, behavior: 'instant' })")
                let middle = "Number(document.querySelector('.cell').dataset.position) > 2000"
                try await browser.wait(until: "document.querySelector('.cell') && \(middle)")
                #expect(try await browser.count(".cell") < 150)
                #expect(try await browser.value("document.querySelector('.cell').ariaSetSize") == "6000")
                try await search(browser, "number 5999")
                try await browser.wait(forJobs: 1)
                try await browser.wait(until: "document.querySelectorAll('.cell').length === 1")
                #expect(try await browser.texts(".card .prompt") == ["a picture with the number 5999"])
            }
        }

        @Test func whatIsInViewStaysWhereTheWindowChangesItsWidth() async throws {
            let page = try await ReportPage(of: GeneratedRecords.many(600), in: try Scratch())
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                try await browser.run("window.scrollTo({ top: document.body.scrollHeight / 2, behavior: 'instant' })")
                // The first card that is whole, counted from the upper edge; none for an instant while cards are exchanged.
                let first = """
                    Number([...document.querySelectorAll(".cell")].find(
                        each => each.getBoundingClientRect().top > -2)?.dataset.position)
                    """
                try await browser.wait(until: "(window.before = \(first)) > 100")
                try await browser.command(
                    "Emulation.setDeviceMetricsOverride",
                    ["width": 700, "height": 900, "deviceScaleFactor": 1, "mobile": false])
                try await browser.wait(until: "document.querySelector('.frame').clientWidth < 700")
                let cardsOfARow = 8
                try await browser.wait(until: "Math.abs(\(first) - window.before) < \(cardsOfARow)")
            }
        }
    }
}
