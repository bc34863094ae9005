internal import FetchCore
internal import JSONBridge

/// A reply of the API with its body read, before it is decided what it means.
struct WireReply {
    private let reply: APIReply
    /// The body's outermost object; null when it has none.
    private let root: JSONValue
    /// The object in which the API describes the job; null when there is none.
    let data: JSONValue
    /// Why the body is not what every reply of the API is, a JSON object: a sentence, or nil when it is one.
    let flaw: String?

    init(_ reply: APIReply) {
        self.reply = reply
        (root, flaw) = Self.read(reply.body)
        data = root["data"] ?? .null
    }

    /// What the API says went wrong, if anything.
    var error: APIError {
        APIError(in: root)
    }

    /// Whether the body tells how a job stands.
    var tellsAState: Bool {
        WireStatus(data["status"]) != .absent
    }

    /// Whose job the reply says it is about.
    func echo(of id: JobID) -> EchoedID {
        EchoedID(in: [root, data], expecting: id)
    }

    /// The failure that the HTTP status by itself amounts to.
    var httpFailure: JobFailure {
        let refusal = HTTPRefusal(status: reply.status)
        return failure(refusal.code, refusal.message, retryAfter: refusal.mayNameAWait ? reply.retryAfter : nil)
    }

    /// A failure of this poll, with all that the reply says of it.
    func failure(
        _ code: FailureCode, _ message: String, retryAfter: Duration? = nil, cause: JobFailure.Cause? = nil
    ) -> JobFailure {
        let error = error
        return JobFailure(
            code, at: .poll, message, httpStatus: reply.status, apiCode: error.code, apiMessage: error.message,
            retryAfter: retryAfter, cause: cause)
    }

    private static func read(_ body: [UInt8]) -> (JSONValue, flaw: String?) {
        do {
            let root = try JSONDocument(parsing: body, limits: .standard).root
            guard root.object != nil else { return (.null, "The API's reply is JSON but not an object.") }
            return (root, nil)
        } catch {
            let flaw =
                isMarkup(body)
                ? "The API's reply is a web page and not JSON."
                : "The API's reply is not JSON: \(error.description)."
            return (.null, flaw)
        }
    }

    private static func isMarkup(_ body: [UInt8]) -> Bool {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = body.starts(with: byteOrderMark) ? body[byteOrderMark.count...] : body[...]
        return text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "<")
    }
}
