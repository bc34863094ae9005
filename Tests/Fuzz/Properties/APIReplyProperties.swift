import FetchCore
import JSONBridge
import PictoryAPI
import Records

/// Every reply has an answer that its bytes bear out; above all, no job is given up or believed without a reason.
enum APIReplyProperties {
    private static let idText = "4d82d040-4394-4371-867d-72ae1dd62b6d"

    /// The input is the HTTP status in three digits, `w` for a reply with `Retry-After`, and the body.
    static func check(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let status = (0..<3).reduce(0) { status, _ in status * 10 + Int((choices.byte() &- UInt8(ascii: "0")) % 10) }
        let wait: Duration? = choices.byte() == UInt8(ascii: "w") ? .seconds(7) : nil
        let body = Array(choices.rest)
        let id = try require(JobID(idText), "the test's own id is one")
        let root = ReferenceJSON.value(of: body, depth: 514, reading: .loose).flatMap { $0.object == nil ? nil : $0 }
        do {
            let reply = try PictoryClient.decode(APIReply(status: status, body: body, retryAfter: wait), for: id)
            try require((200...203).contains(status), "HTTP \(status) became \(reply)")
            try check(reply, require(root, "what is no JSON object became \(reply)"), id)
        } catch let failure as JobFailure {
            try check(failure, status, wait)
            try check(failure, against: root, status, id)
            try checkRecord(of: failure, id)
        } catch let violation as Violation {
            throw violation
        } catch {
            throw Violation("\(error)")
        }
    }

    private static func check(_ reply: PollReply, _ root: JSONValue, _ id: JobID) throws(Violation) {
        let echoed = echoes(in: root)
        try require(echoed.allSatisfy { $0 == id }, "the reply is about another job")
        try require(!isDamaged(root), "a damaged reply is believed")
        try require(reply.warnings == (echoed.isEmpty ? [.jobIDNotEchoed] : []), "warnings are \(reply.warnings)")
        let data = root["data"] ?? .null
        switch reply.state {
        case .inProgress:
            try require(word(data["status"]) == "inprogress", "\(root) is in progress")
        case .completedWithoutURL(let failure):
            try require(word(data["status"]) == "completed", "\(root) is completed")
            try require(failure.code == .invalidResponse, "it ends as \(failure)")
            let isBlank = data["url"]?.string?.utf8.allSatisfy { $0 <= UInt8(ascii: " ") } ?? true
            try require(isBlank, "\(root) has a url")
        case .completed(let image):
            try require(word(data["status"]) == "completed", "\(root) is completed")
            try require(!image.url.isEmpty && data["url"] == .string(image.url), "the url is \(image.url)")
            try require(!image.url.unicodeScalars.contains("\u{FFFD}"), "the url is damaged: \(image.url)")
            try require((image.width ?? 1) > 0 && (image.height ?? 1) > 0, "a size of \(image)")
            if let credits = image.creditsUsed {
                try require(credits.utf8.count <= 40, "credits of \(credits.utf8.count) digits")
                try require(data["aiCreditsUsed"]?.number?.text == credits, "credits are \(credits)")
            }
        }
    }

    /// What holds of every failure.
    private static func check(_ failure: JobFailure, _ status: Int, _ wait: Duration?) throws(Violation) {
        try require(failure.stage == .poll && failure.httpStatus == status, "\(failure) at HTTP \(status)")
        try requireSentence(failure.message)
        for text in [failure.apiCode, failure.apiMessage] {
            try require((text ?? "-").unicodeScalars.count <= 1000, "the API's text is kept without a bound")
        }
        try require(failure.retryAfter == nil || failure.retryAfter == wait, "a wait of its own: \(failure)")
        if wait != nil, [429, 500, 502, 503, 504].contains(status), failure.code != .jobNotFound,
            failure.code != .jobIDMismatch
        {
            try require(failure.retryAfter == wait, "the server's wait is lost: \(failure)")
        }
    }

    /// What each code needs to be believed.
    private static func check(
        _ failure: JobFailure, against root: JSONValue?, _ status: Int, _ id: JobID
    ) throws(Violation) {
        let data = root?["data"] ?? .null
        let accepts = (200...203).contains(status)
        let holds: Bool
        switch failure.code {
        case .unauthorized: holds = status == 401
        case .forbidden: holds = status == 403
        case .rateLimited: holds = status == 429
        case .serverError: holds = status >= 500
        case .timeout: holds = status == 408
        case .httpError: holds = status != 200
        case .jobIDMismatch: holds = root.map { echoes(in: $0).contains { $0 != id } } ?? false
        // A job is over only if the API says so in words.
        case .jobFailed: holds = accepts && word(data["status"]) == "failed"
        case .jobCleaned: holds = accepts && word(data["status"]) == "cleaned"
        case .notAnImageJob:
            holds = accepts && (word(data["status"]) == "completed" || data["status"].map(\.isNull) ?? true)
        case .jobNotFound: holds = root.map(namesNotFound) ?? false
        case .unknownStatus:
            let known = ["inprogress", "completed", "failed", "cleaned", nil]
            holds = accepts && !known.contains(word(data["status"]))
        case .invalidResponse:
            holds = accepts && (root.map(isDamaged) ?? true || (data["status"]?.isNull ?? true))
        default: holds = false
        }
        try require(holds, "HTTP \(status) with \(root.map { "\($0)" } ?? "no JSON object") became \(failure)")
        if status == 200, root == nil {
            try require(failure.code == .invalidResponse, "what is no JSON object became \(failure)")
        }
    }

    /// Whatever the API said fits into a record.
    private static func checkRecord(of failure: JobFailure, _ id: JobID) throws(Violation) {
        let moment = Timestamp(milliseconds: 0)
        let entry = ManifestEntry(manifest: "-", line: 1, input: nil, firstSeen: moment)
        let record = JobRecord(entry: entry, jobID: id, outcome: .failed(failure))
        let line = Array(RecordEncoding.line(for: record, finishedAt: moment, words: { "\($0)" }).dropLast())
        let error = try require(ReferenceJSON.value(of: line)?["error"], "the record is not JSON")
        try require(
            error["api_message"]?.string == failure.apiMessage && error["api_code"]?.string == failure.apiCode,
            "the API's text was changed in the record")
    }

    /// Whether the API's own number or constant for an unknown job stands anywhere.
    private static func namesNotFound(_ root: JSONValue) -> Bool {
        let places = [root, root["data"] ?? .null, root["error"] ?? .null, root["data"]?["error"] ?? .null]
        let names = ["error_code", "code", "error_message", "errorMessage", "message", "error"]
        return places.contains { place in
            names.contains { name in
                let text = place[name]?.string ?? place[name]?.number?.text
                return text == "5000" && name == "error_code" || text == "JOB_NOT_FOUND"
            }
        }
    }

    /// Whether an id, or the url of a completed job, has lost a part.
    private static func isDamaged(_ root: JSONValue) -> Bool {
        let data = root["data"] ?? .null
        let ids = [root, data].flatMap { place in ["job_id", "jobId", "jobid"].map { place[$0]?.string } }
        let needed = word(data["status"]) == "completed" ? ids + [data["url"]?.string] : ids
        return needed.contains { $0?.unicodeScalars.contains("\u{FFFD}") == true }
    }

    private static func echoes(in root: JSONValue) -> [JobID] {
        [root, root["data"] ?? .null].flatMap { place in
            ["job_id", "jobId", "jobid"].compactMap { place[$0]?.string.flatMap { JobID($0) } }
        }
    }

    /// A status without what does not count in it; nil when there is none, a mark when it is no string or no word.
    private static func word(_ value: JSONValue?) -> String? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.string, text.utf8.count <= 64 else { return "?" }
        return String(decoding: text.utf8.filter { !" -_\t\r\n".utf8.contains($0) }, as: UTF8.self).lowercased()
    }
}
