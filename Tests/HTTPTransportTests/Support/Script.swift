/// Replies that servers of the tests give.
enum Script {
    /// Answers every request of every connection with the same bytes.
    static func always(_ reply: String) -> @Sendable (Peer) -> Void {
        { peer in while peer.receive() != nil { peer.send(reply) } }
    }

    /// Answers one request and hangs up.
    static func once(_ reply: String) -> @Sendable (Peer) -> Void {
        { peer in
            peer.receive()
            peer.send(reply)
        }
    }

    /// Answers by the path of the request line; the reply is for the one who asks for nothing known.
    static func byPath(_ replies: [String: String]) -> @Sendable (Peer) -> Void {
        { peer in
            while let head = peer.receive() {
                let path = head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
                peer.send(replies[path] ?? reply(404, "nothing here"))
            }
        }
    }

    static func reply(_ status: Int, _ body: String = "", headers: [String] = []) -> String {
        let bodiless = status == 204 || status == 304
        let length = bodiless ? [] : ["Content-Length: \(body.utf8.count)"]
        return (["HTTP/1.1 \(status) Reason"] + length + headers + ["", ""]).joined(separator: "\r\n") + body
    }

    static func redirect(_ status: Int = 302, to location: String) -> String {
        reply(status, headers: ["Location: \(location)"])
    }
}
