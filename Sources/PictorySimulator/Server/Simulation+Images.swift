extension Simulation {
    /// Answers a request to the image host, which asks for no key and must never see one.
    mutating func image(_ request: IncomingRequest, at moment: Moment) -> Reply {
        statistics.inspect(request, for: Simulation.apiKey)
        guard request.method == "GET" else { return GatewayReplies.wrongMethod }
        guard let address = FileAddress(path: request.path, seed: planner.seed) else {
            return Simulation.noSuchFile(404)
        }
        let download = ledger.download(address.job, at: virtualTime(at: moment))
        let plan = planner.plan(for: address.job)
        switch (plan.outcome, address.kind) {
        case (.video, .video): return .data(200, type: "video/mp4", Simulation.movie)
        case (.completed, .image), (.completed, .movedImage):
            let fault = planner.imageFault(address.job, download: download, generation: address.generation)
            return reply(with: plan.picture, address, fault, download, authority: request.authority)
        default: return Simulation.noSuchFile(404)
        }
    }

    private func reply(
        with picture: Picture, _ address: FileAddress, _ fault: ImageError?, _ download: Int, authority: String
    ) -> Reply {
        let whole = Simulation.png(.picture(picture, damage: nil))
        switch fault {
        case nil: return whole
        case .refused(let status), .serverError(let status): return Simulation.noSuchFile(status)
        case .resetBeforeReply: return whole.delivered(.resetAtOnce)
        case .resetWithinReply: return whole.delivered(.reset)
        case .cut: return whole.delivered(.cut)
        case .slow(let seconds): return whole.delivered(.slow(seconds))
        case .stalled: return whole.delivered(.stalled)
        case .bitFlipped:
            return Simulation.png(.picture(picture, damage: planner.draws(for: address.job).bits(.position, download)))
        case .html: return .html(200, GatewayReplies.page("Just a moment…", "<h1>Checking your browser</h1>"))
        case .oversized(let declared):
            return Simulation.png(.filler(declared: declared ? Simulation.oversizedLength : nil))
        case .redirect where address.kind == .movedImage: return whole
        case .redirect, .redirectLoop:
            let other: FileAddress.Kind = address.kind == .image ? .movedImage : .image
            let target = FileAddress(other, address.job, generation: address.generation)
            let location = "http://\(authority)\(target.path(seed: planner.seed))"
            return Reply(status: 302, headers: [Reply.Header(name: .location, value: location)], body: .bytes([]))
        }
    }

    /// More than the 64 MiB that a client may be expected to take.
    private static let oversizedLength = 96 * 1024 * 1024

    private static func png(_ body: Reply.Body) -> Reply {
        Reply(status: 200, headers: [Reply.Header(name: .contentType, value: "image/png")], body: body)
    }

    /// The beginning of an MP4, enough to show what it is.
    private static let movie: [UInt8] =
        [0, 0, 0, 24] + Array("ftypmp42".utf8) + [0, 0, 0, 0] + Array("mp42isom".utf8) + [0, 0, 4, 8]
        + Array("mdat".utf8) + [UInt8](repeating: 0, count: 1024)

    /// An error in the form that object stores give it.
    private static func noSuchFile(_ status: Int) -> Reply {
        let (code, message) =
            switch status {
            case 403: ("AccessDenied", "Request has expired")
            case 410: ("Gone", "The object is gone")
            case 500: ("InternalError", "We encountered an internal error. Please try again.")
            case 503: ("SlowDown", "Please reduce your request rate.")
            default: ("NoSuchKey", "The specified key does not exist.")
            }
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code>"
        return .data(status, type: "application/xml", Array((body + "<Message>\(message)</Message></Error>\n").utf8))
    }
}
