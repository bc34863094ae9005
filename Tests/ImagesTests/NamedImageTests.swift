import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Images

/// Images with names of a template, in directories below the output directory.
@Suite(.timeLimit(.minutes(1))) struct NamedImageTests {
    let folder: TemporaryFolder
    let images: ImageDirectory
    let png = SmallPNG.bytes()

    init() throws {
        folder = try TemporaryFolder()
        images = try ImageDirectory.open(folder("out"))
    }

    func place(_ name: String, existing: ImagePlace.ExistingFile = .kept(unless: nil)) throws -> ImagePlace {
        let name: ImageName = try #require(ImageName(name))
        return ImagePlace(name: name, existing: existing)
    }

    @discardableResult
    func publish(
        _ name: String, existing: ImagePlace.ExistingFile = .kept(unless: nil), _ bytes: [UInt8]? = nil,
        in images: ImageDirectory? = nil
    ) throws -> ProvenImage {
        let part = (images ?? self.images).makePart(for: try Sample.id(), at: try place(name, existing: existing))
        let bytes = bytes ?? png
        try part.write(bytes.span.bytes)
        let image = try part.prove()
        try part.sync()
        try part.publish()
        return image
    }

    /// The failure of an image that cannot be published.
    func failure(_ name: String, existing: ImagePlace.ExistingFile = .kept(unless: nil), _ bytes: [UInt8]? = nil)
        throws -> JobFailure
    {
        let failure = #expect(throws: JobFailure.self) { try publish(name, existing: existing, bytes) }
        #expect(try folder.names(in: "out").allSatisfy { !$0.hasSuffix(".part") })
        return try #require(failure)
    }

    @Test(arguments: Durability.allCases, ["a.png", "acme/a.png", "x/y/z/a.png"])
    func imageAndItsDirectoriesAreMade(durability: Durability, name: String) throws {
        let images = try ImageDirectory.open(folder("out"), durability: durability)
        let part = images.makePart(for: try Sample.id(), at: try place(name))
        try part.write(png.span.bytes)
        // Whatever the name is, the part file is in the output directory itself.
        #expect(try folder.names(in: "out").count == 1)
        let image = try part.prove()
        try part.publish()
        try images.syncDirectories()
        #expect(image.path == folder("out/\(name)"))
        #expect(image.name?.text == name)
        #expect(try folder.read("out/\(name)") == png)
        #expect(try folder.names(in: "out") == [name.split(separator: "/").first.map(String.init)])
        #expect(openDescriptors(leadingTo: folder("out/")) == 0)
    }

    @Test func directoryThatIsThereIsUsed() throws {
        try publish("acme/a.png")
        try publish("acme/b.png")
        #expect(try folder.names(in: "out/acme") == ["a.png", "b.png"])
    }

    // MARK: Nothing leaves the output directory

    @Test(arguments: ["target", "../elsewhere", "/nowhere", "loop"])
    func directoryThatIsALinkIsRefused(target: String) throws {
        try #require(mkdir(folder("elsewhere"), 0o700) == 0)
        try #require(mkdir(folder("out/target"), 0o700) == 0)
        try #require(symlink(target == "loop" ? "acme" : target, folder("out/acme")) == 0)
        for name in ["acme/a.png", "acme/b/a.png"] {
            let failure = try failure(name)
            #expect(failure.code == .writeFailed && failure.stage == .store && !failure.stopsRun)
            #expect(failure.cause == .unusableDirectory)
            #expect(failure.message.contains("out/acme is a symbolic link"))
        }
        #expect(try folder.names(in: "elsewhere") == [] && folder.names(in: "out/target") == [])
        #expect(images.imageBytes(of: try Sample.id(), named: ImageName("acme/a.png")) == nil)
    }

    @Test func linkThatIsPlantedBetweenTwoImagesIsSeen() throws {
        try publish("acme/a.png")
        try #require(mkdir(folder("elsewhere"), 0o700) == 0)
        try #require(rename(folder("out/acme"), folder("moved")) == 0)
        try #require(symlink("../elsewhere", folder("out/acme")) == 0)
        #expect(try failure("acme/b.png").cause == .unusableDirectory)
        #expect(try folder.names(in: "elsewhere") == [] && folder.names(in: "moved") == ["a.png"])
    }

    @Test func directoryThatWasRemovedIsMadeAgain() throws {
        try publish("acme/x/a.png")
        try #require(unlink(folder("out/acme/x/a.png")) == 0)
        try #require(rmdir(folder("out/acme/x")) == 0 && rmdir(folder("out/acme")) == 0)
        try publish("acme/x/b.png")
        try images.syncDirectories()
        #expect(try folder.names(in: "out/acme/x") == ["b.png"])
    }

    @Test func fileWhereADirectoryIsNeededIsNamed() throws {
        _ = try folder.write("precious", to: "out/acme")
        try #require(mkfifo(folder("out/fifo"), 0o600) == 0)
        for name in ["acme", "fifo"] {
            let failure = try failure("\(name)/a.png")
            #expect(failure.code == .writeFailed && failure.cause == .unusableDirectory && !failure.stopsRun)
            #expect(failure.message.contains("out/\(name) has to be a directory"))
        }
        #expect(try folder.text("out/acme") == "precious")
    }

    @Test func directoryOnAnotherFileSystemIsRefused() throws {
        // /proc is one on every Linux; opened as output directory's child it would be reached by a mount alone.
        let folders = ImageFolders(
            below: try Descriptor.open("/", O_RDONLY | O_DIRECTORY), path: "/", durability: .none, syncsAtOnce: 1,
            mostUnsynced: 1)
        let failure = #expect(throws: JobFailure.self) { try folders.open(["proc"]) }
        #expect(failure?.code == .writeFailed && failure?.cause == .unusableDirectory && failure?.stopsRun == false)
        #expect(failure?.message.contains("/proc is on another file system") == true)
    }

    @Test(arguments: [ImagePlace.ExistingFile.replaced, .kept(unless: nil)])
    func directoryThatHasTheNameStays(existing: ImagePlace.ExistingFile) throws {
        try publish("acme/a.png")
        let failure = try failure("acme", existing: existing)
        #expect(failure.code == (existing == .replaced ? .writeFailed : .nameTaken) && !failure.stopsRun)
        #expect(try folder.names(in: "out/acme") == ["a.png"])
    }

    // MARK: What file systems refuse

    @Test func nameThatTheFileSystemDoesNotTakeIsToldAsSuch() throws {
        let failure = JobFailure(SystemError(ENAMETOOLONG), onTheWay: "It could not be renamed")
        #expect(failure.code == .writeFailed && failure.cause == .impossibleName && !failure.stopsRun)
        #expect(JobFailure(SystemError(EINVAL), onTheWay: "no").cause == .impossibleName)
        #expect(JobFailure(SystemError(EACCES), onTheWay: "no").stopsRun == false)
        #expect(JobFailure(SystemError(EACCES), onTheWay: "no").cause == nil)
        #expect(JobFailure(SystemError(EMFILE), onTheWay: "no").cause == .tooManyOpenFiles)
        for code in [ENOSPC, EDQUOT, EIO, EROFS] { #expect(JobFailure(SystemError(code), onTheWay: "no").stopsRun) }
        #expect(JobFailure(SystemError(ENOSPC), onTheWay: "no").code == .diskFull)
    }

    // MARK: Looking for what is there

    @Test func sizeIsThatOfTheFileWhereTheImageWouldBePut() throws {
        let id = try Sample.id()
        try publish("acme/x/a.png")
        #expect(images.imageBytes(of: id, named: ImageName("acme/x/a.png")) == png.count)
        for name in ["acme/x/b.png", "acme/x", "acme", "none/a.png", "acme/x/a.png/b"] {
            #expect(images.imageBytes(of: id, named: ImageName(name)) == nil)
        }
        #expect(images.imageBytes(of: id) == nil)
        #expect(try folder.names(in: "out") == ["acme"])
    }

    // MARK: Many directories

    @Test(arguments: [1, 8, 64])
    func directoriesThatWaitForASyncAreBounded(most: Int) throws {
        let images = try ImageDirectory.open(folder("out"), unsyncedFolders: most)
        for number in 0..<200 {
            try publish("d\(number)/x/a.png", in: images)
            #expect(openDescriptors(leadingTo: folder("out/")) <= most)
        }
        try images.syncDirectories()
        #expect(openDescriptors(leadingTo: folder("out/")) == 0)
        #expect(try folder.names(in: "out").count == 200)
    }
}
