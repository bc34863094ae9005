import Foundation
import Testing

@testable import pictory_fetch

/// The manual page says of the model what the model says.
@Suite struct ManualTests {
    /// Every exit status, in a row that the compiler knows to be complete.
    private func next(after status: pictory_fetch.ExitStatus) -> pictory_fetch.ExitStatus? {
        switch status {
        case .success: .failures
        case .failures: .usage
        case .usage: .manifestUnreadable
        case .manifestUnreadable: .outputRefused
        case .outputRefused: .outputLost
        case .outputLost: .rerun
        case .rerun: .keyRejected
        case .keyRejected: .configuration
        case .configuration: .signal(SIGHUP)
        case .signal(SIGHUP): .signal(SIGINT)
        case .signal(SIGINT): .signal(SIGTERM)
        case .signal(SIGTERM): .signal(SIGPIPE)
        case .signal: nil
        }
    }

    @Test func pageNamesEveryExitStatusInOrder() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("scripts/manual/pictory-fetch.mdoc")
        let page = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(page.range(of: ".Sh EXIT STATUS\n")).upperBound
        let section = page[start...].prefix(
            upTo: page.range(of: "\n.Sh ", range: start..<page.endIndex)?.lowerBound ?? page.endIndex)
        let told = section.split(separator: "\n").filter { $0.hasPrefix(".It ") }
            .flatMap { $0.dropFirst(4).split { " ,".contains($0) } }.map(String.init)
        var codes: [String] = []
        var status: pictory_fetch.ExitStatus? = .success
        while let one = status {
            codes.append("\(one.code)")
            status = next(after: one)
        }
        #expect(told == codes)
    }
}
