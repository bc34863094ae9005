/// The ids that were read in this run, with the line that named each first.
struct SeenJobs {
    private var places = JobMap<Place>()
    private var manifests: [String] = []
    /// Non-blank lines read, jobs or not.
    var lines = 0

    /// Where an id was first read; 8 bytes, since there may be a million of them.
    private struct Place {
        let manifest: UInt32
        let line: UInt32
    }

    /// Notes the id, or returns the manifest and line that named it before.
    mutating func insert(_ id: JobID, _ entry: ManifestEntry) -> (manifest: String, line: Int)? {
        if manifests.last != entry.manifest {
            manifests.append(entry.manifest)
        }
        let place = Place(manifest: UInt32(clamping: manifests.count - 1), line: UInt32(clamping: entry.line))
        return places.insert(id, place).map { (manifests[Int($0.manifest)], Int($0.line)) }
    }
}
