package io.fairlead.bench.policy;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.measure.Program;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * A sync of kube-router 2.9 with iptables and ipset, at its best. Whatever changes of a pod that it
 * cares for (labels, addresses, phase), of a namespace or of a policy, it does the same: it looks
 * whether its base chains and their rules are in place, one execution of iptables for each, reads
 * the filter table with iptables-save and the sets with ipset save, writes all sets with ipset
 * restore -exist, lists the chains, writes the whole filter table, others' rules included, with
 * iptables-restore --wait -T filter (without --noflush: what somebody else added meanwhile is
 * lost), all chains under new names, then reads the sets again and destroys one by one those that
 * are left over. So it is in its package netpol (fullPolicySync, syncNetworkPolicyChains,
 * syncPodFirewallChains) and in utils (BuildIPSetRestore, Restore).
 *
 * <p>Left out in its favour: the executions that look at the base chains (some 25), its own
 * computations (the texts are ready), the second address family, and everything after the moment
 * from which packets are treated as they should be: for a change of peers only, that is the end of
 * ipset restore.
 */
final class KubeRouterRival implements Contender {

  /** Which iptables: Debian has both. */
  enum Variant {
    NFT("iptables-nft"),
    LEGACY("iptables-legacy");

    private final String program;

    Variant(String program) {
      this.program = program;
    }

    /** As the table shows it. */
    String title() {
      return "kube-router's rules, " + program;
    }
  }

  private final Variant variant;
  private final LabNamespace namespace;
  private final Program program;
  private final Set<String> sets = new HashSet<>();
  private int syncs;

  /** Takes over the namespace. */
  KubeRouterRival(Variant variant, LabNamespace namespace) {
    this.variant = variant;
    this.namespace = namespace;
    this.program = new Program(namespace);
  }

  @Override
  public String name() {
    return variant.title();
  }

  @Override
  public long load(ClusterObjects cluster) throws IOException, InterruptedException {
    return sync(cluster, false);
  }

  @Override
  public long change(ClusterObjects after, Change change) throws IOException, InterruptedException {
    return sync(after, change.kind().isOfPeers());
  }

  private long sync(ClusterObjects cluster, boolean ofPeers)
      throws IOException, InterruptedException {
    KubeRouterSync text = KubeRouterSync.of(cluster, "version-" + ++syncs);
    long nanos = program.run("", variant.program + "-save", "-t", "filter");
    nanos += program.run("", "ipset", "save");
    nanos += program.run(text.sets(), "ipset", "restore", "-exist");
    long rules = program.run("", variant.program, "-w", "-t", "filter", "-S");
    rules += program.run(text.rules(), variant.program + "-restore", "--wait", "-T", "filter");
    cleanUp(text);
    return ofPeers ? nanos : nanos + rules;
  }

  /** Destroys sets that are not needed any more. */
  private void cleanUp(KubeRouterSync text) throws IOException, InterruptedException {
    Set<String> stale = new HashSet<>(sets);
    text.setNames().forEach(stale::remove);
    sets.clear();
    sets.addAll(text.setNames());
    for (String set : stale) {
      program.run("", "ipset", "destroy", set);
    }
  }

  @Override
  public void close() {
    namespace.close();
  }
}
