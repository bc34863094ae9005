internal import FetchCore
internal import JSONBridge

/// A reply of the API whose body has been read; what it means is decided later.
struct WireReply {
    private let reply: APIReply
    /// The body's top-level object; null when it has none.
    private let root: JSONValue
    /// The object in which the API describes the job; null when there is none.
    let data: JSONValue
    /// How the job stands, by `data`.
    let status: WireStatus
    /// Why nothing can be concluded from the body: a sentence, or nil when it is a JSON object with what is needed
    /// clear.
    let flaw: String?

    init(_ reply: APIReply) {
        self.reply = reply
        let (root, flaw) = Self.read(reply.body)
        self.root = root
        data = root["data"] ?? .null
        status = WireStatus(data["status"])
        self.flaw = flaw ?? Self.unclearPart(of: root, data, status)
    }

    /// The longest reply that is read, as the transport passes it on.
    ///
    /// Whatever was sent to make a picture may come back in a reply, an input picture included.
    static let longest = 4 << 20

    /// The longest reply that is parsed into a whole tree. A tree takes up to fifty times the memory of its text, and
    /// the replies that are known are a hundred times shorter than this. Of a longer one only the fields named here are
    /// read.
    private static let longestTree = 64 << 10

    /// Every field that is looked for in a reply: at top level, in `data`, in `error`, and in the `error` of `data`.
    private static let names: [StaticString] =
        [
            "data", "error", "success", "status", "url", "width", "height", "aiCreditsUsed",
            "error_code", "code", "error_message", "errorMessage", "message",
            "videoURL", "renderProgress", "renderState", "transcript", "lastFrameImageUrl", "duration", "preview",
            "renderParams",
        ] + JobID.fieldNames

    /// Fields that nobody needs may nest 512 deep, in the object that describes the job.
    static let limits = JSONLimits(depth: 514, bytes: longest)

    /// What the API says went wrong, if anything.
    var error: APIError {
        APIError(in: root)
    }

    /// Whether the body tells how a job stands.
    var tellsAState: Bool {
        status != .absent
    }

    /// Whether the body is a reply that tells that a job has come to its end, and no user's own object that happens to
    /// have a status: every reply says whether it is a success.
    var tellsTheEnd: Bool {
        guard root["success"]?.bool != nil else { return false }
        return switch status {
        case .completed, .failed, .cleaned: true
        case .inProgress, .absent, .unknown: false
        }
    }

    /// Whose job the reply says it is about.
    func echo(of id: JobID) -> EchoedID {
        EchoedID(in: [root, data], expecting: id)
    }

    /// The failure that the HTTP status alone means.
    var httpFailure: JobFailure {
        let refusal = HTTPRefusal(status: reply.status)
        return failure(refusal.code, refusal.message, retryAfter: refusal.mayNameAWait ? reply.retryAfter : nil)
    }

    /// A failure of this poll, with everything that the reply says about it.
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
            let root =
                try body.count <= longestTree
                ? JSONValue(parsing: body, limits: limits, reading: .loose)
                : JSONValue(excerpt: names, of: body, levels: 3, limits: limits, reading: .loose)
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

    /// A sentence that names the needed field which holds U+FFFD, so a part of it is lost; nil if there is none.
    ///
    /// An id that cannot be read may be that of another job, and a url would lead elsewhere.
    private static func unclearPart(of root: JSONValue, _ data: JSONValue, _ status: WireStatus) -> String? {
        if EchoedID.isDamaged(in: [root, data]) { return "The job id in the API's reply is damaged." }
        if status == .completed, let url = data["url"]?.string, url.isDamaged {
            return "The url in the API's reply is damaged."
        }
        return nil
    }

    private static func isMarkup(_ body: [UInt8]) -> Bool {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = body.starts(with: byteOrderMark) ? body[byteOrderMark.count...] : body[...]
        return text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "<")
    }
}
