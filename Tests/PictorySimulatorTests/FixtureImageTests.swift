import Testing

@testable import PictorySimulator

@Suite struct FixtureImageTests {
    @Test func goodImageIsAWholePicture() throws {
        let trial = Trial()
        let reply = try #require(trial.pollAndDownload(.completed))
        guard case .picture(let picture, nil) = reply.body else {
            Issue.record("not a picture: \(reply)")
            return
        }
        #expect(reply.status == 200 && reply.delivery == .whole)
        #expect(picture.size == ImageSize(32, 24))
    }

    @Test(arguments: [
        (Fixture.truncatedImage, Reply.Delivery.cut), (.stalledImage, .stalled), (.imageResetOnce, .reset),
        (.slowImage, .slow(5)),
    ])
    func deliveryFaultsTravelAsDemanded(fixture: Fixture, delivery: Reply.Delivery) throws {
        let trial = Trial()
        let reply = try #require(trial.pollAndDownload(fixture))
        #expect(reply.delivery == delivery)
    }

    @Test func corruptImageDiffersInOneBit() throws {
        let trial = Trial()
        let reply = try #require(trial.pollAndDownload(.corruptImage))
        guard case .picture(let picture, let damage?) = reply.body else {
            Issue.record("no damage: \(reply)")
            return
        }
        let good = try #require(PNGEncoder.encode(picture.style.paint(picture.size, seed: picture.seed)))
        var bad = good
        SimulatorResponder.damage(&bad, damage)
        let flipped = zip(good, bad).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
        #expect(flipped == 1)
    }

    @Test func expiredUrlIsReplacedByTheNextPoll() throws {
        let trial = Trial()
        #expect(trial.pollAndDownload(.expiredOnce)?.status == 403)
        #expect(trial.pollAndDownload(.expiredOnce)?.status == 200)
    }

    @Test func imageHostRefusesWhatItDoesNotHave() {
        let trial = Trial()
        #expect(trial.pollAndDownload(.imageNotFound)?.status == 404)
        #expect(trial.download("/images/user/\(Trial.fixture(1))/\(Trial.fixture(1)).png").status == 404)
        #expect(trial.download("/images/nothing").status == 404)
    }

    @Test func otherContentComesUnderItsOwnType() {
        let trial = Trial()
        #expect(trial.pollAndDownload(.htmlImage)?.header(.contentType) == "text/html; charset=UTF-8")
        #expect(trial.pollAndDownload(.video)?.header(.contentType) == "video/mp4")
    }

    @Test func oversizedImagesAreMadeLazily() {
        let trial = Trial()
        #expect(trial.pollAndDownload(.oversizedDeclared)?.body == .filler(declared: 96 * 1024 * 1024))
        #expect(trial.pollAndDownload(.endlessImage)?.body == .filler(declared: nil))
        #expect(FillerPNG.chunk.count == 64 * 1024)
    }

    @Test func redirectsLeadToTheImageOrNowhere() throws {
        let trial = Trial()
        let moved = try #require(trial.pollAndDownload(.redirect)?.header(.location))
        #expect(trial.download(moved).status == 200)
        let first = try #require(trial.pollAndDownload(.redirectLoop)?.header(.location))
        let second = try #require(trial.download(first).header(.location))
        #expect(trial.download(second).header(.location) == first)
    }

    @Test func keyInAnImageRequestIsCounted() throws {
        let trial = Trial()
        let url = try #require(trial.poll(.completed).url)
        _ = trial.download(url, headers: [.init(name: "authorization", value: "pictai_simulator")])
        _ = trial.download(url, headers: [.init(name: "X-Key", value: "pictai_simulator")])
        _ = trial.download(url + "?key=pictai_simulator")
        let statistics = trial.simulation.statistics
        #expect(statistics.authorizationHeaders == 1)
        #expect(statistics.keyInOtherHeader == 1)
        #expect(statistics.keyInURL == 1)
    }
}
