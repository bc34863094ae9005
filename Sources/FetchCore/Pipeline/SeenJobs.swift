/// The ids that were read, with the line that named each first.
public struct SeenJobs: Sendable {
    private var places = JobMap<Place>()
    private var manifests: [String] = []
    /// Of each job that was named again, how often.
    private var repeats: [JobID: Int] = [:]
    /// Non-blank lines read, jobs or not.
    var lines = 0

    /// What is known of an id; 8 bytes, since there may be a million of them.
    private struct Place {
        /// Twice the manifest's number, and 1 more once the job has its image.
        var manifestAndImage: UInt32
        let line: UInt32
    }

    public init() {}

    /// Notes the id, or returns the manifest and line that named it before.
    public mutating func insert(_ id: JobID, _ entry: ManifestEntry) -> (manifest: String, line: Int)? {
        if manifests.last != entry.manifest {
            manifests.append(entry.manifest)
        }
        let place = Place(
            manifestAndImage: UInt32(clamping: manifests.count - 1) << 1, line: UInt32(clamping: entry.line))
        guard let first = places.insert(id, place) else { return nil }
        repeats[id, default: 0] += 1
        return (manifests[Int(first.manifestAndImage >> 1)], Int(first.line))
    }

    /// Notes that the job has its image.
    mutating func noteImage(of id: JobID) {
        places.update(id) { place in
            var place = place
            place?.manifestAndImage |= 1
            return place
        }
    }

    /// How many lines name again a job that has no image.
    var repeatsWithoutImage: Int {
        repeats.reduce(0) { count, job in
            let hasImage = places[job.key].map { $0.manifestAndImage & 1 == 1 } == true
            return hasImage ? count : count + job.value
        }
    }
}
