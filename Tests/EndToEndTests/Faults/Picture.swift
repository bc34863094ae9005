import Foundation

/// A sound PNG of 101 bytes, small enough that every one of its bytes can be broken in turn.
enum Picture {
    static let bytes: [UInt8] =
        Array(
            Data(
                base64Encoded:
                    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAALElEQVR42g3IQREAQAwCsRVxIiqiIpCDHEQg8PrLB"
                    + "GDB0BNi9aypLsNmHDX+fwcJYSZb+4QAAAAASUVORK5CYII=") ?? Data())

    /// Signature and IHDR: how every image of this size begins.
    static let beginning = Array(bytes.prefix(33))

    /// The picture as `gzip` and `deflate` pack it.
    static let gzip = decoded(
        "H4sIAAAAAAACA+sM8HPn5ZLiYmBg4PX0cAkC0ixAzMzBBCStp1lOBFI6ni6OIRW3eE84CjI48DBtFC1U"
            + "0lqkNKFZxkXhw6/TLAkHLwgnfV2zUu9wmozpv3p2zkS16N8tQH0Mnq5+LuucEpoAjGTGZ2UAAAA=")
    static let zlib = decoded(
        "eJzrDPBz5+WS4mJgYOD19HAJAtIsQMzMwQQkradZTgRSOp4ujiEVt3hPOAoyOPAwbRQtVNJapDShWcZF"
            + "4cOv0ywJBy8IJ31ds1LvcJqM6b96ds5EtejfLUB9DJ6ufi7rnBKaAI2EHGo=")

    private static func decoded(_ text: String) -> [UInt8] { Array(Data(base64Encoded: text) ?? Data()) }

    /// A chunk that may stand any number of times before the pixels: an endless image is made of these.
    static let comment: [UInt8] =
        [0, 0, 1, 8] + Array("tEXtComment\0".utf8) + Array(String(repeating: "pictory ", count: 32).utf8)
        + [0xA7, 0xE6, 0x27, 0x5E]

    /// The reply of a host that is in order.
    static let reply = Act.reply(200, ["Content-Type: image/png"], body: bytes)
}

extension Exchange {
    /// The reply of the API that the job is finished.
    ///
    /// - Parameter url: where the image is; by default at this server.
    func completed(url: String? = nil, id: String? = nil) -> [Act] {
        data(#""status":"completed","url":"\#(url ?? "\(home)/images/\(self.id).png")""#, id: id)
    }

    /// A reply of the API with these fields of `data`, spelled as JSON.
    func data(_ fields: String, id: String? = nil) -> [Act] {
        let body = #"{"job_id":"\#(id ?? self.id)","success":true,"data":{\#(fields)}}"#
        return Act.reply(200, json: body)
    }

    /// What a server that is in order answers.
    var good: [Act] { isPoll ? completed() : Picture.reply }
}
