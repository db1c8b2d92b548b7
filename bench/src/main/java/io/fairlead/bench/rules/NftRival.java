package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import java.io.IOException;

/**
 * A sync of kube-proxy in nftables mode, at its best: the text of the change is ready, chains that
 * are left over are removed while no clock runs, and there is but one address family.
 */
final class NftRival implements Contender {

  /** What a sync consists of. */
  enum Variant {
    /**
     * The transaction, by "nft -f -", and nothing else. No version of kube-proxy does less: 1.33 to
     * 1.36 execute nft to list what there is, later ones ask the kernel for it.
     */
    TRANSACTION("kube-proxy's rules, nft", Integer.MAX_VALUE),
    /**
     * The table is listed before, as 1.36 does at each sync, though nobody looks at the list. With
     * many Services it takes seconds, since each has an anonymous set: nft asks for every set by
     * itself, and the kernel looks through the list of all sets to find it.
     */
    LISTING("kube-proxy 1.36's sync, nft", 5);

    private final String title;
    private final int mostChanges;

    Variant(String title, int mostChanges) {
      this.title = title;
      this.mostChanges = mostChanges;
    }
  }

  private final Variant variant;
  private final LabNamespace namespace;
  private final Program program;

  /** Takes over the namespace. */
  NftRival(Variant variant, LabNamespace namespace) {
    this.variant = variant;
    this.namespace = namespace;
    this.program = new Program(namespace);
  }

  @Override
  public String name() {
    return variant.title;
  }

  @Override
  public int mostChanges() {
    return variant.mostChanges;
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
    if (variant == Variant.LISTING) {
      program.run("", "nft", "--json", "--terse", "list", "table", "ip", "kube-proxy");
    }
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
