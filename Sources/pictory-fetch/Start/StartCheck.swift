import FetchCore
import Files
import HTTPTransport
import Images
import Manifests
import Records

/// What a run would find before its first request, found by looking alone: nothing is created, changed or asked.
///
/// What the parts of a run refuse when they are made, their `check` refuses here with the same words, in the order of
/// the run. A run ends with the first refusal; here all are collected.
struct StartCheck {
    /// Why the run would not start; it ends with the status of the first.
    private(set) var refusals: [StartError] = []
    let configuration: RunConfiguration
    /// The lines of the manifests that can be read, as the records of earlier runs leave them; nil when there is no way
    /// to read any.
    private(set) var lines: (any ManifestSource)?
    /// Standard output takes records without changing what the run reads or writes.
    private(set) var takesRecords = true
    /// The journal of earlier runs; nil where there is none, or none that is taken.
    private(set) var journal: JournalIndex?

    /// Looks at everything. A wrong flag is thrown, for it leaves nothing to look at; so is all that is wrong with the
    /// settings, after which nothing else is known for certain.
    init(_ settings: EffectiveSettings) throws(StartError) {
        let manifests = RunConfiguration.manifests(of: settings.typed)
        let unreadable = ManifestFiles.refusals(of: manifests)
        refusals += unreadable.map { StartError(status: .manifestUnreadable, message: $0.reason) }
        let places = Set(unreadable.map(\.place))
        let readable = manifests.enumerated().filter { !places.contains($0.offset) }.map(\.element)

        var key: APIKey?
        do {
            key = try APIKey.find(settings)
        } catch {
            refusals.append(error)
        }
        do {
            configuration = try RunConfiguration(settings, key: key)
        } catch {
            refusals.append(error)
            configuration = try RunConfiguration(settings, key: key, limits: .ample)
        }
        refusals += configuration.transport.errors(besidesKey: key == nil).map { StartError($0) }
        let images = lookAtOutputs(manifests: readable)
        openLines(of: readable, images: images)
    }

    /// Who has which image name before the run; nil where no two jobs can want the same one.
    var claims: NameClaims? {
        configuration.mayShareNames ? NameClaims(recorded: journal?.names ?? RecordedNames()) : nil
    }

    /// Why manifests cannot be read.
    static func refusals(of manifests: [String]) -> [StartError] {
        ManifestFiles.refusals(of: manifests).map { StartError(status: .manifestUnreadable, message: $0.reason) }
    }

    /// Nothing is wrong with what the transport is made of.
    var canAsk: Bool { !refusals.contains { $0.status == .configuration } }

    /// Looks at what the run would write, in the order in which it would make it; returns the output directory.
    private mutating func lookAtOutputs(manifests: [String]) -> ImageDirectory? {
        let configuration = configuration
        let durability: Files.Durability = configuration.durable ? .full : .none
        let places = OutputPlaces(configuration)
        refusals += places.errors(manifests: manifests).map { StartError($0) }
        do throws(OutputError) {
            try places.checkStandardOutput(manifests: manifests)
        } catch {
            takesRecords = false
            // Where the run's own records go there, it has been said.
            if configuration.results != "-" { refusals.append(StartError(error)) }
        }
        if let lock = configuration.lock {
            do {
                try RunLock.check(lock)
            } catch {
                refusals.append(StartError(error))
            }
        }
        refusals += AccountFiles.errors(summary: configuration.summary, metrics: configuration.metrics)
            .map { StartError($0) }
        let images = looking { () throws(OutputError) in
            try ImageDirectory.check(configuration.outputDirectory, durability: durability)
        }
        let results: Void?
        switch configuration.existingResults {
        case .resumed:
            results = nil
            journal = looking { () throws(OutputError) in
                try ResultFile.checkResume(
                    configuration.results, manifests: manifests, durability: durability, shard: configuration.shard,
                    keepingNames: configuration.mayShareNames)
            }
        case .refused, .replaced:
            results = looking { () throws(OutputError) in
                try ResultFile.check(
                    configuration.results, replacing: configuration.existingResults == .replaced,
                    manifests: manifests, durability: durability)
            }
        }
        if configuration.results == "-", results == nil { takesRecords = false }
        return images
    }

    private mutating func looking<Part>(_ look: () throws(OutputError) -> Part?) -> Part? {
        do {
            return try look()
        } catch {
            let refusal = StartError(error)
            // A file in the wrong place is found again where it is looked at.
            if !refusals.contains(where: { $0.message == refusal.message }) { refusals.append(refusal) }
            return nil
        }
    }

    private mutating func openLines(of manifests: [String], images: ImageDirectory?) {
        do {
            let files = try ManifestFiles.open(manifests, shard: configuration.shard, names: configuration.names)
            lines = configuration.believing(
                journal.map { ResumedManifest(files, after: $0) { images?.imageBytes(of: $0, named: $1) } } ?? files)
        } catch {
            refusals.append(StartError(status: .manifestUnreadable, message: "\(error)"))
        }
    }
}
