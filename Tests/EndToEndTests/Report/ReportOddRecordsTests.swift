import Foundation
import Testing

extension EndToEnd {
    /// Records that no run of this program writes: values of other types, and codes of odd characters.
    @Suite(.timeLimit(.minutes(3))) struct ReportOddRecordsTests {
        private static let odd = ["null", "5", "true", "[]", #"["x"]"#, "{}", #"{"toString":1}"#]

        private func failure(_ index: Int, _ code: String, message: String = #""m""#) -> String {
            #"{"v":1,"job_id":"\#(fixture(4, picture: index))","status":"failed","manifest":"jobs.jsonl","#
                + #""line":\#(index + 1),"error":{"stage":"poll","code":\#(code),"message":\#(message),"#
                + #""api_code":\#(message),"api_message":\#(message)},"retry":{"action":"fix","reason":"r"},"#
                + #""polls":1,"downloads":0,"first_seen":"2026-11-30T01:00:00.000Z","#
                + #""finished_at":"2026-11-30T01:00:01.000Z","elapsed_ms":1000,"runs":1}"#
        }

        @Test func valueOfAnotherTypeHarmsNoOtherRecord() async throws {
            var lines = GeneratedRecords.many(2)
            for value in Self.odd {
                lines.append(failure(lines.count, value, message: value))
                let image = #""image":{"path":\#(value),"bytes":\#(value),"width":\#(value),"height":\#(value)"#
                let downloaded = GeneratedRecords.downloaded(lines.count, path: "x", input: "{}")
                lines.append(
                    downloaded.replacing(/"image":\{"path":"x","bytes":101,"width":[0-9]+,"height":64/, with: image)
                        .replacing(#""polls":1"#, with: #""warnings":[\#(value)],"polls":1"#))
            }
            let page = try await ReportPage(of: lines, in: try Scratch())
            try await Browser.with { browser in
                try await browser.openSheet(of: page)
                #expect(try await browser.value("document.querySelector('#trouble').hidden"))
                // Some of the values make a line that is no record.
                let count = try await browser.count(".card")
                #expect(try await browser.text("#count") == "\(count) jobs")
                #expect(count > Self.odd.count + 2)
                try await browser.click(".card")
                for number in 1...count {
                    let place = "document.querySelector('#viewer-place').textContent"
                    try await browser.wait(until: "\(place) === '\(number) of \(count)'")
                    try await browser.wait(until: "document.querySelector('#facts').childElementCount > 5")
                    try await browser.run("document.querySelector('#facts').replaceChildren()")
                    if number < count { try await browser.press(.right) }
                }
                let complaints = try await browser.complaints().filter { !$0.contains("ERR_FILE_NOT_FOUND") }
                #expect(complaints == [])
            }
        }

        /// An attribute cannot hold every character, and a group is found all the same.
        @Test func recordsOfACodeOfOddCharactersAreFound() async throws {
            let codes = [#""a\u0000b""#, #""a\rb""#, #""a\nb""#, #""a\u202eb""#]
            let lines = codes.enumerated().map { failure($0.offset, $0.element) }
            let page = try await ReportPage(of: lines, in: try Scratch())
            try await Browser.with { browser in
                try await browser.open(page)
                #expect(try await browser.count(".group") == codes.count)
                for number in 1...codes.count {
                    let group = ".group:nth-of-type(\(number))"
                    try await browser.click("\(group) [data-do=copy-ids]")
                    try await browser.wait(
                        until: "document.querySelector('\(group) .done').textContent === '1 id copied'")
                    try await browser.click("\(group) [data-do=show]")
                    try await browser.wait(forJobs: 1)
                    #expect(try await browser.value("document.querySelector('#code').selectedIndex > 0"))
                }
            }
        }
    }
}
