public import FetchCore
import Records

/// What records tell of the run that wrote them, for a command that does the rest.
public struct RerunFacts: Sendable, Equatable {
    /// A value that all records share, or not.
    public enum Shared<Value: Sendable & Equatable>: Sendable, Equatable {
        case none
        case one(Value)
        case several

        mutating func note(_ value: Value) {
            switch self {
            case .none: self = .one(value)
            case .one(let known) where known != value: self = .several
            case .one, .several: break
            }
        }
    }

    /// In the order in which they first appear, `-` for standard input. Nil if there are too many for a command.
    public private(set) var manifests: [ExactText]? = []
    /// Nil for the whole.
    public private(set) var shard = Shared<Shard?>.none
    /// The output directory.
    public private(set) var directory = Shared<ExactText>.none
    /// A template has made names, and no record tells it.
    public private(set) var hasNamedImages = false

    static let mostManifests = 50

    /// Of no record yet, or of records that are known.
    public init(
        manifests: [ExactText]? = [], shard: Shared<Shard?> = .none, directory: Shared<ExactText> = .none,
        hasNamedImages: Bool = false
    ) {
        self.manifests = manifests
        self.shard = shard
        self.directory = directory
        self.hasNamedImages = hasNamedImages
    }

    mutating func note(_ record: RecordDetails) {
        let manifest = ExactText(record.manifest)
        if manifests?.last != manifest, manifests?.contains(manifest) == false {
            manifests?.append(manifest)
            if (manifests?.count ?? 0) > Self.mostManifests { manifests = nil }
        }
        shard.note(record.shard)
        guard let image = record.image else { return }
        if image.name != nil { hasNamedImages = true }
        directory.note(ExactText(image.directory))
    }
}
