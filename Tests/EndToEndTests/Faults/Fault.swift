import Foundation
import Testing

/// One way in which servers go wrong, and what becomes of the job.
struct Fault: Sendable {
    let name: String
    /// How the API answers a poll.
    var poll: FaultServer.Script = { $0.good }
    /// How the image's host answers.
    var image: FaultServer.Script = { $0.good }
    /// `downloaded`, or the failure's code; several codes, with a bar between them, where the moment decides.
    let end: String
    var action: String?
    var polls: Int?
    var downloads: Int?

    /// A fault in the API's replies.
    static func poll(
        _ name: String, _ end: String, _ action: String? = "rerun", polls: Int? = nil,
        script: @escaping FaultServer.Script
    ) -> Fault {
        Fault(name: name, poll: script, end: end, action: end == "downloaded" ? nil : action, polls: polls)
    }

    /// A fault in the image host's replies.
    static func image(
        _ name: String, _ end: String, _ action: String? = "rerun", polls: Int? = nil, downloads: Int? = nil,
        script: @escaping FaultServer.Script
    ) -> Fault {
        Fault(
            name: name, image: script, end: end, action: end == "downloaded" ? nil : action, polls: polls,
            downloads: downloads)
    }
}

/// Runs one job for each fault, all in one run, so that faults meet each other and good jobs; then all again.
func expectEnds(
    of faults: [Fault], _ arguments: [String] = [], status: Int32 = 75, _ location: SourceLocation = #_sourceLocation
) async throws {
    let stranger = try FaultServer { exchange in exchange.good }
    let server = try FaultServer(elsewhere: stranger.url) { exchange in
        guard !exchange.isHealed, let fault = faults.at(exchange.id) else { return exchange.good }
        return exchange.isPoll ? fault.poll(exchange) : fault.image(exchange)
    }
    let night = try Night(server, strangers: [stranger])
    // Good jobs before and after are in nobody's way, and nobody is in theirs.
    let lines = (0..<faults.count + 2).map { line(faultID($0)) }
    let records = try await night.run(lines, arguments, status: status, location)
    for number in [faults.count, faults.count + 1] {
        #expect(records[number + 1]?.status == "downloaded", sourceLocation: location)
    }
    for (index, fault) in faults.enumerated() {
        let record = try #require(records[index + 1], "\(fault.name) has no record", sourceLocation: location)
        let end = record.code ?? record.status
        #expect(
            fault.end.split(separator: "|").contains(Substring(end)), "\(fault.name): \(record.line)",
            sourceLocation: location)
        #expect(record.action == fault.action, "\(fault.name): \(record.line)", sourceLocation: location)
        if let polls = fault.polls {
            #expect(record.polls == polls, "\(fault.name): \(record.line)", sourceLocation: location)
        }
        if let downloads = fault.downloads {
            #expect(record.downloads == downloads, "\(fault.name): \(record.line)", sourceLocation: location)
        }
    }
    server.heal()
    try await night.expectRerunFinishes(records.values, arguments, location)
}

/// The id of the n-th fault's job.
func faultID(_ index: Int) -> String {
    let number = String(index, radix: 16)
    return "f0000000-0000-4000-8000-" + String(repeating: "0", count: 12 - number.count) + number
}

extension [Fault] {
    /// The fault that a job stands for.
    fileprivate func at(_ id: String) -> Fault? {
        guard id.hasPrefix("f0000000-"), let index = Int(id.suffix(12), radix: 16), indices.contains(index) else {
            return nil
        }
        return self[index]
    }
}
