internal import JSONBridge

/// A kind of job that gives no image, as far as the fields of its reply show it.
///
/// One endpoint serves every kind of job, and nothing in a reply names the kind.
enum OtherJob: String {
    case render = "a video render"
    case transcription = "a transcription"
    case video = "a generated video"
    case storyboard = "a storyboard"

    /// The kind that `data` looks like; nil if it looks like an image.
    init?(_ data: JSONValue) {
        let found = Self.fields.first { $0.names.contains { Self.isFilled(data[$0]) } }
        guard let found else { return nil }
        self = found.kind
    }

    /// The fields that show a kind; the first one that is there counts.
    private static let fields: [(names: [String], kind: OtherJob)] = [
        (["videoURL", "renderProgress", "renderState"], .render), (["transcript"], .transcription),
        (["lastFrameImageUrl", "duration"], .video), (["preview", "renderParams"], .storyboard),
    ]

    /// The same for a reply without a status, where only a result shows that the job is finished.
    ///
    /// A legacy storyboard ends so. Progress alone is no result.
    init?(finishedWithoutStatus data: JSONValue) {
        let results = ["videoURL", "preview", "renderParams", "transcript"]
        guard results.contains(where: { Self.isFilled(data[$0]) }) else { return nil }
        self.init(data)
    }

    /// Whether the url's path ends like that of a video or an audio file; query and fragment do not count.
    static func namesVideoOrSound(_ url: String) -> Bool {
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let ending = String(decoding: path.suffix(5), as: UTF8.self).lowercased()
        return [".mp4", ".mov", ".webm", ".mp3", ".wav"].contains { ending.hasSuffix($0) }
    }

    /// Whether the field is there and holds something.
    private static func isFilled(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null?: false
        case .string(let text)?: !text.utf8.isEmpty
        case .array(let elements)?: !elements.isEmpty
        case .object(let members)?: !members.isEmpty
        case .bool?, .number?: true
        }
    }
}
