package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import java.io.IOException;

/**
 * A sync of kube-proxy in nftables mode, at its best: chains and sets are listed, as it does each
 * time, but nobody looks at the lists; the text of the change is ready; chains that are left over
 * are removed while no clock runs, and there is but one address family.
 */
final class NftRival implements Contender {

  private final LabNamespace namespace;
  private final Program program;

  /** Takes over the namespace. */
  NftRival(LabNamespace namespace) {
    this.namespace = namespace;
    this.program = new Program(namespace);
  }

  @Override
  public String name() {
    return "kube-proxy's rules, nft";
  }

  @Override
  public long load(Population population) throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder(KubeProxyNftables.BASE);
    for (int service = 0; service < population.services(); service++) {
      text.append(KubeProxyNftables.chains(service, population.addresses(service)));
      text.append(KubeProxyNftables.elements(service));
    }
    return apply(text.toString());
  }

  @Override
  public Applied change(Change change) throws IOException, InterruptedException {
    String text = KubeProxyNftables.changed(change);
    long begin = System.nanoTime();
    program.run("", "nft", "--json", "list", "chains", "ip");
    program.run("", "nft", "--json", "list", "sets", "ip");
    apply(text);
    Applied applied = Applied.of(begin, System.nanoTime());
    String cleaning = KubeProxyNftables.cleaned(change);
    if (!cleaning.isEmpty()) {
      apply(cleaning);
    }
    return applied;
  }

  private long apply(String text) throws IOException, InterruptedException {
    return program.run(text, "nft", "-f", "-");
  }

  @Override
  public void close() {
    namespace.close();
  }
}
