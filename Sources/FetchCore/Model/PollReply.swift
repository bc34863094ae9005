/// What the API said of a job that may still give an image.
///
/// Every other answer (failed, cleaned, not found, nonsense) is a ``JobFailure``.
public struct PollReply: Sendable, Equatable {
    public enum State: Sendable, Equatable {
        case inProgress
        case completed(CompletedImage)
        /// Completed, and the image's url is not there yet; the failure is what that ends as if it stays so.
        ///
        /// It is stored indirectly, because it is rare and would make every reply twice as large.
        indirect case completedWithoutURL(JobFailure)

        /// The API has finished the job.
        var isCompleted: Bool {
            switch self {
            case .inProgress: false
            case .completed, .completedWithoutURL: true
            }
        }
    }

    public let state: State
    public let warnings: [Warning]

    public init(_ state: State, warnings: [Warning] = []) {
        self.state = state
        self.warnings = warnings
    }
}

/// The image that the API promises.
public struct CompletedImage: Sendable, Equatable {
    /// As the API spelled it, not yet checked.
    public let url: String
    /// Declared, and not always true.
    public let width: Int?
    public let height: Int?
    /// `aiCreditsUsed` as it was spelled.
    public let creditsUsed: String?

    public init(url: String, width: Int? = nil, height: Int? = nil, creditsUsed: String? = nil) {
        self.url = url
        self.width = width
        self.height = height
        self.creditsUsed = creditsUsed
    }

    /// The url without query and fragment, which can hold a signature: this is what a record keeps of it.
    public var urlWithoutQuery: String {
        let end = url.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        return end.map { String(url[..<$0]) } ?? url
    }
}
