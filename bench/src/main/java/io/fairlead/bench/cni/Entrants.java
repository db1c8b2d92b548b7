package io.fairlead.bench.cni;

import io.fairlead.bench.lab.Distribution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes the contenders of a benchmark, each on a node of its own. */
final class Entrants {

  private final Distribution distribution;
  private final CniOptions options;
  private final Path folder;
  private int made;

  /**
   * @param folder for what contenders keep in files
   */
  Entrants(Distribution distribution, CniOptions options, Path folder) {
    this.distribution = distribution;
    this.options = options;
    this.folder = folder;
  }

  private interface Maker {
    Contender make() throws IOException, InterruptedException;
  }

  /** Everybody who adds pods one after the other; the caller closes them. */
  List<Contender> forSequence() throws IOException, InterruptedException {
    return open(
        List.of(
            () -> FairleadContender.start(distribution, false, 0),
            () -> FairleadContender.start(distribution, true, 0),
            () -> FairleadContender.start(distribution, true, options.services()),
            () -> reference(ReferenceContender.Kind.PLAIN, 0),
            () -> reference(ReferenceContender.Kind.MASQUERADE, 0),
            () -> reference(ReferenceContender.Kind.HOST_PORT, 0),
            () -> reference(ReferenceContender.Kind.HOST_PORT, options.rules()),
            BatchContender::create,
            ProcessContender::create));
  }

  /** Those who add many pods at once. */
  List<Contender> forParallel() throws IOException, InterruptedException {
    return open(
        List.of(
            () -> FairleadContender.start(distribution, false, 0),
            () -> reference(ReferenceContender.Kind.MASQUERADE, 0)));
  }

  private Contender reference(ReferenceContender.Kind kind, int rules)
      throws IOException, InterruptedException {
    Path state = folder.resolve("leases-" + made++);
    return ReferenceContender.create(options.plugins(), state, kind, rules);
  }

  private static List<Contender> open(List<Maker> makers) throws IOException, InterruptedException {
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Maker maker : makers) {
        contenders.add(maker.make());
      }
      return contenders;
    } catch (IOException | InterruptedException e) {
      contenders.forEach(Contender::close);
      throw e;
    }
  }
}
