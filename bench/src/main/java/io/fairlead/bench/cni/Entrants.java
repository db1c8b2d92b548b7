package io.fairlead.bench.cni;

import io.fairlead.bench.cni.ReferenceContender.Kind;
import io.fairlead.bench.lab.Distribution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the contenders of a benchmark, each on a node of its own, and closes them. Not thread-safe.
 */
final class Entrants implements AutoCloseable {

  private final Distribution distribution;
  private final CniOptions options;
  private final Path folder;
  private final List<Contender> made = new ArrayList<>();

  /**
   * @param folder for what contenders keep in files
   */
  Entrants(Distribution distribution, CniOptions options, Path folder) {
    this.distribution = distribution;
    this.options = options;
    this.folder = folder;
  }

  /** Makes everybody who adds pods one after the other. */
  List<Contender> forSequence() throws IOException, InterruptedException {
    FairleadContender plain = ours(false, 0);
    ours(true, 0);
    if (options.services() > 0) {
      ours(true, options.services());
    }
    reference(Kind.PLAIN, 0);
    reference(Kind.MASQUERADE, 0);
    reference(Kind.HOST_PORT, 0);
    if (options.rules() > 0) {
      reference(Kind.HOST_PORT, options.rules());
    }
    add(BatchContender.create());
    add(VethContender.create());
    add(new StatusContender(plain));
    add(ProcessContender.create());
    return List.copyOf(made);
  }

  /** Makes those who add many pods at once. */
  List<OnePlugin> forParallel() throws IOException, InterruptedException {
    return List.of(ours(false, 0), reference(Kind.MASQUERADE, 0));
  }

  private FairleadContender ours(boolean hostPorts, int services)
      throws IOException, InterruptedException {
    return add(FairleadContender.start(distribution, hostPorts, services));
  }

  private ReferenceContender reference(Kind kind, int rules)
      throws IOException, InterruptedException {
    Path state = folder.resolve("leases-" + made.size());
    return add(ReferenceContender.create(options.plugins(), state, kind, rules));
  }

  private <T extends Contender> T add(T contender) {
    made.add(contender);
    return contender;
  }

  @Override
  public void close() {
    made.reversed().forEach(Contender::close);
    made.clear();
  }
}
