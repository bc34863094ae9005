public import FetchCore
import Files
public import Records
import Synchronization

/// The manifests of one run, read one after the other as their lines are asked for.
///
/// A read returns the lines at hand and waits only where there are none, so a job at the head of an idle pipe starts at
/// once. Only one block of a manifest, and the line that is being read, are held in memory.
public final class ManifestFiles: ManifestSource {
    private let stopFlag: StopFlag
    private let clock: @Sendable () -> Timestamp
    /// Locked while a read waits, so ``stop()`` does not take it.
    private let reading: Mutex<ManifestReading>

    private init(_ reading: ManifestReading, stopFlag: StopFlag, clock: @escaping @Sendable () -> Timestamp) {
        self.stopFlag = stopFlag
        self.clock = clock
        self.reading = Mutex(reading)
    }

    /// Makes sure that every manifest can be read, and reads none of them yet; `-` is standard input.
    ///
    /// With a `shard` only the lines of that part are returned; line numbers are still those of the whole manifest. With
    /// a template of `names` each job has the name of its image; without one that is the job's own.
    ///
    /// No FIFO is opened, so none blocks and no writer is disturbed. To be called before other files are opened: if
    /// standard input is closed, the next file would take its number.
    public static func open(
        _ paths: [String], shard: Shard? = nil, names: NameTemplate? = nil,
        clock: @escaping @Sendable () -> Timestamp = { Timestamp.now }
    ) throws(ManifestsError) -> ManifestFiles {
        let refused = refusals(of: paths)
        guard refused.isEmpty else { throw ManifestsError(refused.map(\.reason)) }
        do {
            let reading = ManifestReading(
                paths.map(ManifestPath.init(text:)), shard: shard, names: names.map(LineNames.init))
            return ManifestFiles(reading, stopFlag: try StopFlag(), clock: clock)
        } catch {
            throw ManifestsError(["the manifests cannot be read: \(error)"])
        }
    }

    /// The manifests that cannot be read, by their places among the paths, and why; none of them is read.
    public static func refusals(of paths: [String]) -> [(place: Int, reason: String)] {
        paths.enumerated().compactMap { place, text in
            let manifest = ManifestPath(text: text)
            do {
                try manifest.check()
                return nil
            } catch {
                return (place, "\(manifest.noun) cannot be read: \(error)")
            }
        }
    }

    public func read(upTo limit: Int) -> ManifestBatch {
        precondition(limit > 0, "a read asks for at least one line")
        return reading.withLock { $0.batch(upTo: limit, until: stopFlag, clock: clock) }
    }

    public func stop() {
        stopFlag.raise()
    }

    /// Waits for a read under way, which ends at once after ``stop()``.
    public var unreadable: [String] {
        reading.withLock { $0.unreadable }
    }
}

/// Which manifests cannot be read; found before the first request, and ends the program.
public struct ManifestsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence for each of them, in the order they were named.
    public let reasons: [String]

    init(_ reasons: [String]) {
        self.reasons = reasons
    }

    /// The sentences, one a line.
    public var description: String {
        reasons.joined(separator: "\n")
    }
}
