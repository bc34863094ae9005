import Foundation
import Testing

extension EndToEnd {
    /// Where the keys and the page are while the large view is used and after it.
    @Suite(.timeLimit(.minutes(3))) struct ReportFocusTests {
        private let place = "document.querySelector('#viewer-place').textContent"

        @Test func keysWorkAtBothEnds() async throws {
            let page = try await ReportPage(of: GeneratedRecords.many(3), in: try Scratch())
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                try await browser.click(".card")
                try await browser.run("document.querySelector('#next').focus()")
                try await browser.press(.enter, .enter, .enter, .enter)
                #expect(try await browser.value(place) == "3 of 3")
                #expect(try await browser.value("document.activeElement.id") == "next")
                try await browser.press(.left)
                #expect(try await browser.value(place) == "2 of 3")
                try await browser.run("document.querySelector('#previous').focus()")
                try await browser.press(.enter, .enter, .enter)
                #expect(try await browser.value(place) == "1 of 3")
                try await browser.press(.right)
                #expect(try await browser.value(place) == "2 of 3")
            }
        }

        @Test(arguments: [1440, 390])
        func cardThatWasOpenLastIsInView(width: Int) async throws {
            let page = try await ReportPage(of: GeneratedRecords.many(300), in: try Scratch())
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                try await browser.click(".card")
                for _ in 0..<10 { try await browser.press(.right, .right, .right, .right) }
                #expect(try await browser.value(place) == "41 of 300")
                // The window may have become narrow meanwhile.
                try await browser.command(
                    "Emulation.setDeviceMetricsOverride",
                    ["width": width, "height": 844, "deviceScaleFactor": 1, "mobile": false])
                try await browser.press(.escape)
                try await browser.wait(until: "!document.querySelector('#viewer').open && location.hash === ''")
                // A browser that goes back to where the page was does so a moment later.
                _ = try await browser.outcome(of: "setTimeout(done, 300)")
                #expect(try await browser.value("document.activeElement.closest('.cell').dataset.position") == "40")
                let box = "document.activeElement.getBoundingClientRect()"
                #expect(try await browser.value("\(box).top >= 0 && \(box).bottom <= window.innerHeight"))
                #expect(try await browser.value("history.scrollRestoration") == "auto")
            }
        }

        @Test func idOfOtherLettersOpensAndThatOfNoRecordLeavesNothingOpen() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with { browser in
                try await browser.open(page, "search=fox&open=\(ReportNight.id(0).uppercased())")
                try await browser.wait(until: "document.querySelector('#viewer').open")
                #expect(try await browser.text("#viewer-title") == ReportNight.jobs[0].prompt)
                // The search leaves it out, so it has no card that could have the focus.
                try await browser.press(.escape)
                try await browser.wait(until: "document.activeElement.id === 'search'")
                try await browser.run("location.hash = '#open=\(ReportNight.id(1))'")
                try await browser.wait(until: "document.querySelector('#viewer').open")
                try await browser.run("location.hash = '#open=nothing'")
                try await browser.wait(until: "!document.querySelector('#viewer').open")
            }
        }
    }
}
