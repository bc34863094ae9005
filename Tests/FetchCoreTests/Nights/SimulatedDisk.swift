@testable import FetchCore

/// A disk as a value: what programs see of it, and what of that would outlast a loss of power.
///
/// It holds one output directory and one results file. Every file's bytes, every change of a name and every record
/// are first only seen, and last once they are synced.
struct SimulatedDisk {
    struct File {
        var bytes: [UInt8] = []
        /// What stays after a loss of power; nil until the first sync.
        var durable: [UInt8]?
        /// A sync failed: the kernel has dropped the bytes, and calls every later sync a success.
        var isSpoilt = false
    }

    /// A change of a name in the directory.
    enum NameChange {
        case create(String, file: Int)
        case rename(String, to: String)
        case remove(String)
    }

    /// A line of the results file, whose text is of no interest but its length.
    struct Line {
        let record: JobRecord
        let length: Int
    }

    var files: [File] = []
    var names: [String: Int] = [:]
    var durableNames: [String: Int] = [:]
    /// Changes of names that are not durable yet, in order.
    var changes: [NameChange] = []

    var lines: [Line] = []
    /// How many of the lines are durable.
    var durableLines = 0
    /// The results end in a piece of a line.
    var isTorn = false

    /// The bytes that can still be written; nil for more than anybody needs.
    var room: Int?

    mutating func create(_ name: String) -> Int {
        files.append(File())
        names[name] = files.count - 1
        changes.append(.create(name, file: files.count - 1))
        return files.count - 1
    }

    /// Writes what there is room for; false if that was not all.
    mutating func write(_ bytes: [UInt8], to file: Int) -> Bool {
        let fitting = take(bytes.count)
        files[file].bytes += bytes.prefix(fitting)
        return fitting == bytes.count
    }

    mutating func sync(_ file: Int) {
        guard !files[file].isSpoilt else { return }
        files[file].durable = files[file].bytes
    }

    /// A sync that fails: what was not durable is gone for good, whether it can still be read for now or not.
    mutating func spoil(_ file: Int, readable: Bool) {
        files[file].isSpoilt = true
        if !readable {
            let kept = files[file].durable?.count ?? 0
            files[file].bytes = files[file].bytes.prefix(kept) + files[file].bytes.dropFirst(kept).map { _ in 0 }
        }
    }

    mutating func rename(_ name: String, to other: String) {
        changes.append(.rename(name, to: other))
        Self.apply(.rename(name, to: other), to: &names)
    }

    mutating func remove(_ name: String) {
        changes.append(.remove(name))
        Self.apply(.remove(name), to: &names)
    }

    mutating func syncNames() {
        durableNames = names
        changes = []
    }

    /// Appends a record, or the piece of it that there is room for; false if that was not all.
    mutating func append(_ line: Line) -> Bool {
        let fitting = take(line.length)
        if fitting == line.length {
            lines.append(line)
        } else if fitting > 0 {
            isTorn = true
        }
        return fitting == line.length
    }

    mutating func syncLines() {
        durableLines = lines.count
    }

    /// Leaves a piece of a record behind, as a write does that was interrupted for good.
    mutating func tear() {
        isTorn = true
    }

    /// Cuts off a torn line, as a run does that goes on with this results file.
    mutating func mend() {
        isTorn = false
    }

    /// Removes an image, or cuts it short, as people do.
    mutating func damage(_ name: String, byRemoval: Bool) {
        guard let file = names[name] else { return }
        if byRemoval {
            names[name] = nil
            durableNames[name] = nil
        } else {
            files[file].bytes.removeLast()
            files[file].durable = files[file].bytes
        }
    }

    /// The bytes under a name.
    func content(of name: String) -> [UInt8]? {
        names[name].map { files[$0].bytes }
    }

    private mutating func take(_ wanted: Int) -> Int {
        guard let room else { return wanted }
        let fitting = min(room, wanted)
        self.room = room - fitting
        return fitting
    }

    static func apply(_ change: NameChange, to names: inout [String: Int]) {
        switch change {
        case .create(let name, let file): names[name] = file
        case .rename(let name, let other): names[other] = names.removeValue(forKey: name) ?? names[other]
        case .remove(let name): names[name] = nil
        }
    }
}
