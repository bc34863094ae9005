import Foundation
import Testing

extension EndToEnd {
    /// What there is on paper.
    @Suite(.timeLimit(.minutes(3))) struct ReportPrintTests {
        /// Prints as the browser does it, and says what is in the document meanwhile.
        private func printed(_ browser: Browser) async throws -> (cards: Int, sentence: String) {
            try await browser.run("window.dispatchEvent(new Event('beforeprint'))")
            let cards = try await browser.count(".cell")
            let sentence = try await browser.value("document.querySelector('#printed').textContent", as: String.self)
            try await browser.run("window.dispatchEvent(new Event('afterprint'))")
            return (cards, sentence)
        }

        @Test func cardsArePrintedFromAnyPlaceAndWhatIsLeftOutIsSaid() async throws {
            let page = try await ReportPage(of: GeneratedRecords.many(3000), in: try Scratch())
            try await Browser.with { browser in
                try await browser.open(page)
                let top = try await printed(browser)
                #expect(top.cards == 60)
                #expect(top.sentence == "Printed are 1 to 60 of 3,000 jobs. Search or filter to print others.")
                try await browser.run("window.scrollTo({ top: document.body.scrollHeight / 2, behavior: 'instant' })")
                try await browser.wait(until: "Number(document.querySelector('.cell')?.dataset.position) > 1000")
                let middle = try await printed(browser)
                #expect(middle.cards == 60)
                #expect(middle.sentence.contains(/^Printed are 1,[0-9]{3} to 1,[0-9]{3} of 3,000 jobs/), "\(middle)")
                try await browser.open(page, "search=%22number%20299%22")
                try await browser.wait(forJobs: 11)
                #expect(try await printed(browser) == (11, "11 of 3,000 jobs"))
            }
        }

        @Test func openPictureIsPrintedOnceAndAlone() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with { browser in
                try await browser.open(page, "open=\(ReportNight.id(0))")
                try await browser.wait(until: "document.querySelector('#record').textContent !== ''")
                let pdf = try await browser.command("Page.printToPDF")["data"] as? String
                let bytes = try #require(pdf.flatMap { Data(base64Encoded: $0) })
                let sheets = String(decoding: bytes, as: UTF8.self).matches(of: /\/Type ?\/Page\b/).count
                #expect((1...2).contains(sheets))
            }
        }

        @Test func picturesAreOnThePaper() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with(.init(isDark: true)) { browser in
                try await browser.open(page)
                let pdf = try await browser.command("Page.printToPDF")["data"] as? String
                let bytes = try #require(pdf.flatMap { Data(base64Encoded: $0) })
                let images = String(decoding: bytes, as: UTF8.self).matches(of: /\/Subtype ?\/Image/).count
                #expect(images >= 1)
                #expect(try await browser.complaints() == [])
            }
        }
    }
}
