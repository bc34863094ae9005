/// One answer of the simulator, before anything is on the wire.
struct Reply: Equatable, Sendable {
    struct Header: Equatable, Sendable {
        enum Name: String, Sendable {
            case contentType = "Content-Type"
            case location = "Location"
            case retryAfter = "Retry-After"
            case server = "Server"
        }

        let name: Name
        let value: String
    }

    enum Body: Equatable, Sendable {
        case bytes([UInt8])
        case picture(Picture, damage: UInt64?)
        /// PNG chunks without end, or up to a declared length; made as they are sent.
        case filler(declared: Int?)
    }

    /// How the answer travels.
    enum Delivery: Equatable, Sendable {
        case whole
        /// After so many virtual seconds.
        case late(Double)
        /// In pieces over so many virtual seconds.
        case slow(Double)
        /// A part of what Content-Length says, then an orderly end of the connection.
        case cut
        /// A part of it, then a reset of the connection.
        case reset
        /// A part of it, then silence.
        case stalled
        /// A reset instead of an answer.
        case resetAtOnce
    }

    var status: Int
    var headers: [Header]
    var body: Body
    var delivery = Delivery.whole

    static func json(_ status: Int, _ body: JSON, headers: [Header] = []) -> Reply {
        Reply(
            status: status, headers: [Header(name: .contentType, value: "application/json")] + headers,
            body: .bytes(Array(body.text.utf8)))
    }

    static func html(_ status: Int, _ body: String, headers: [Header] = []) -> Reply {
        Reply(
            status: status, headers: [Header(name: .contentType, value: "text/html; charset=UTF-8")] + headers,
            body: .bytes(Array(body.utf8)))
    }

    static func data(_ status: Int, type: String, _ bytes: [UInt8]) -> Reply {
        Reply(status: status, headers: [Header(name: .contentType, value: type)], body: .bytes(bytes))
    }
}

/// One request, as much of it as the simulator looks at.
struct IncomingRequest: Sendable {
    struct Header: Sendable {
        let name: String
        let value: String
    }

    var method = "GET"
    /// Without the query.
    let path: String
    var query = ""
    /// The host and port that the client named.
    var authority = "127.0.0.1"
    var headers: [Header] = []

    /// A header's value, whatever the case of its name.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// When a request arrives, on both of the clocks that matter.
struct Moment: Sendable {
    /// Real seconds since the simulator started; never goes back.
    let seconds: Double
    /// Seconds since 1970, for headers that name a date.
    var unixTime = 0
}
