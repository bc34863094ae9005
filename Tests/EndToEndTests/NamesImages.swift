import Foundation

/// Jobs with fields for a template, and the images that it has named.
protocol NamesImages {
    var fetch: Fetch { get }
}

extension NamesImages {
    var ids: [String] { (0..<4).map { fixture(1, picture: $0) } }

    func job(_ place: Int, _ fields: String) -> String {
        #"{"job_id":"\#(ids[place])",\#(fields)}"#
    }

    func run(_ template: String, _ lines: [String], _ arguments: [String] = []) async throws -> Ended {
        try await fetch.run(lines, ["--name", template] + arguments)
    }

    /// The images below the output directory, without the directories on the way.
    var images: [String] {
        fetch.scratch.files(in: "images").filter { name in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(
                atPath: fetch.scratch.path("images/\(name)"), isDirectory: &isDirectory)
                && !isDirectory.boolValue
        }
    }

    func name(_ record: Record?) -> String? { record?.image["name"] as? String }
}
