package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import java.io.IOException;

/**
 * A sync of kube-proxy in iptables mode, at its best: the text is ready, chains that are left over
 * are never removed, nothing is read back and there is but one address family.
 */
final class IptablesRival implements Contender {

  /** Which iptables: Debian has both. */
  enum Variant {
    /** Takes quadratic time in the chains of one call, so that a first sync goes in parts. */
    NFT("iptables-nft", 500),
    LEGACY("iptables-legacy", Integer.MAX_VALUE);

    private final String program;
    private final int partSize;

    Variant(String program, int partSize) {
      this.program = program;
      this.partSize = partSize;
    }
  }

  private final Variant variant;
  private final LabNamespace namespace;
  private final Program program;
  private KubeProxyIptables rules = new KubeProxyIptables(new Population(1, 1));

  /** Takes over the namespace. */
  IptablesRival(Variant variant, LabNamespace namespace) {
    this.variant = variant;
    this.namespace = namespace;
    this.program = new Program(namespace);
  }

  @Override
  public String name() {
    return "kube-proxy's rules, " + variant.program;
  }

  @Override
  public long load(Population population) throws IOException, InterruptedException {
    rules = new KubeProxyIptables(population);
    long nanos = 0;
    int service = 0;
    while (population.services() - service > variant.partSize) {
      KubeProxyIptables.Part part = new KubeProxyIptables.Part();
      for (int i = 0; i < variant.partSize; i++, service++) {
        rules.add(part, service, population.addresses(service));
      }
      nanos += restore(part.text());
    }
    KubeProxyIptables.Part last = new KubeProxyIptables.Part();
    for (; service < population.services(); service++) {
      rules.add(last, service, population.addresses(service));
    }
    nanos += restore(rules.sync(last));
    restore(KubeProxyIptables.HOOKS);
    return nanos;
  }

  @Override
  public Applied change(Change change) throws IOException, InterruptedException {
    String text = rules.sync(change);
    long begin = System.nanoTime();
    restore(text);
    return Applied.of(begin, System.nanoTime());
  }

  private long restore(String text) throws IOException, InterruptedException {
    return program.run(text, variant.program + "-restore", "-w", "5", "--noflush", "--counters");
  }

  @Override
  public void close() {
    namespace.close();
  }
}
