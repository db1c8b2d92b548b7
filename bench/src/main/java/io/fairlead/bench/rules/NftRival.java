package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A sync of kube-proxy in nftables mode, at its best: chains and sets are listed, as it does each
 * time, but nobody looks at the lists; the text of the change is ready; chains that are left over
 * are removed while no clock runs, and there is but one address family.
 */
final class NftRival implements Contender {

  private final LabNamespace namespace;
  private final Program program;
  private final Map<Integer, List<String>> present = new HashMap<>();
  private Population loaded = new Population(1, 1);

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
    loaded = population;
    StringBuilder text = new StringBuilder(KubeProxyNftables.BASE);
    for (int service = 0; service < population.services(); service++) {
      text.append(KubeProxyNftables.chains(service, population.addresses(service)));
      text.append(KubeProxyNftables.elements(service));
    }
    return apply(text.toString());
  }

  @Override
  public long change(Change change) throws IOException, InterruptedException {
    int service = change.service();
    List<String> before = present.getOrDefault(service, loaded.addresses(service));
    List<String> gone = new ArrayList<>(before);
    gone.removeAll(change.addresses());
    String text =
        KubeProxyNftables.chains(service, change.addresses())
            + KubeProxyNftables.flushed(service, gone);
    long nanos = program.run("", "nft", "--json", "list", "chains", "ip");
    nanos += program.run("", "nft", "--json", "list", "sets", "ip");
    nanos += apply(text);
    present.put(service, change.addresses());
    if (!gone.isEmpty()) {
      apply(KubeProxyNftables.deleted(service, gone));
    }
    return nanos;
  }

  private long apply(String text) throws IOException, InterruptedException {
    return program.run(text, "nft", "-f", "-");
  }

  @Override
  public void close() {
    namespace.close();
  }
}
