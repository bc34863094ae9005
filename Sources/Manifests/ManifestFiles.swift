public import FetchCore
import Files
public import Records
import Synchronization

/// The manifests of one run, read one after the other as their lines are asked for.
///
/// No line is waited for while another is at hand, so a job at the head of an idle pipe starts at once. Of each manifest
/// only a block and the line under way are held.
public final class ManifestFiles: ManifestSource {
    private let stopSignal: StopSignal
    private let clock: @Sendable () -> Timestamp
    /// Locked while a read waits; `stop` must not need it, and does not.
    private let reading: Mutex<ManifestReading>

    private init(_ paths: [ManifestPath], stopSignal: StopSignal, clock: @escaping @Sendable () -> Timestamp) {
        self.stopSignal = stopSignal
        self.clock = clock
        reading = Mutex(ManifestReading(paths))
    }

    /// Makes sure that every manifest can be read, and reads none of them yet; `-` is standard input.
    ///
    /// No FIFO is opened, so none blocks and no writer is disturbed. To be called before other files are opened: if
    /// standard input is closed, the next file would take its number.
    public static func open(
        _ paths: [String], clock: @escaping @Sendable () -> Timestamp = { Timestamp.now }
    ) throws(UnreadableManifests) -> ManifestFiles {
        let manifests = paths.map(ManifestPath.init(text:))
        var reasons: [String] = []
        for manifest in manifests {
            do {
                try manifest.check()
            } catch {
                reasons.append("\(manifest.noun) cannot be read: \(error)")
            }
        }
        guard reasons.isEmpty else { throw UnreadableManifests(reasons) }
        do {
            return ManifestFiles(manifests, stopSignal: try StopSignal(), clock: clock)
        } catch {
            throw UnreadableManifests(["the manifests cannot be read: \(error)"])
        }
    }

    public func read(upTo limit: Int) -> ManifestBatch {
        precondition(limit > 0, "a read asks for at least one line")
        return reading.withLock { $0.batch(upTo: limit, until: stopSignal, clock: clock) }
    }

    public func stop() {
        stopSignal.raise()
    }

    /// Waits for a read under way; after ``stop()`` that is no wait.
    public var unreadable: [String] {
        reading.withLock { $0.unreadable }
    }
}
