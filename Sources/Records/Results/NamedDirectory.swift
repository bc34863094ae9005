import FetchCore
import Files
import Glibc

/// A run's output directory, to tell which of the recorded images lie in it, however their records spell it.
struct NamedDirectory {
    private let path: String
    private let status: stat?
    /// What is known of the directories that records name.
    private var known: [ExactText: Bool] = [:]

    /// Most directories that are kept in mind; nearly all results name one.
    private static let mostKnown = 1024

    init(_ path: String) {
        self.path = path
        // One that is not there yet, or cannot be looked at, is known by its spelling alone.
        status = try? stat(ofPath: path)
    }

    /// Whether an image lies in the directory under this name; `image` is its path as a record has it.
    mutating func holds(_ image: String, as name: String) -> Bool {
        guard let directory = TypedPath.directory(of: image, holding: name).map(ExactText.init) else { return false }
        if let isSame = known[directory] { return isSame }
        let isSame = isSame(directory.text)
        if known.count == Self.mostKnown { known = [:] }
        known[directory] = isSame
        return isSame
    }

    private func isSame(_ directory: String) -> Bool {
        if directory.utf8.elementsEqual(TypedPath.joined(path, "").utf8) { return true }
        // One that is gone, or that cannot be looked at, is another.
        guard let status, let other = try? stat(ofPath: directory.isEmpty ? "." : directory) else { return false }
        return other.st_dev == status.st_dev && other.st_ino == status.st_ino
    }
}
