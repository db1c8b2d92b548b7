package io.fairlead.bench.rules;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What fairlead can put Services into. */
enum Backend {
  NFTABLES("nftables", "nftables") {
    @Override
    Opened open(AddressClaims claims) throws IOException {
      NfTablesSocket kernel = NfTablesSocket.open();
      NodeNetwork network = new NodeNetwork(POD_CIDRS, CLUSTER_CIDRS, List.of());
      return new Opened(
          new NftablesServices(kernel, claims, network, ServiceSettings.ofPods(POD_CIDRS)),
          kernel::close);
    }
  };

  private static final List<Cidr> POD_CIDRS = List.of(Cidr.parse("10.244.1.0/24"));
  private static final List<Cidr> CLUSTER_CIDRS = List.of(Cidr.parse("10.244.0.0/16"));

  private final String title;
  private final String proxyMode;

  Backend(String title, String proxyMode) {
    this.title = title;
    this.proxyMode = proxyMode;
  }

  /**
   * An open backend.
   *
   * @param resources what it works with, closed after it
   */
  record Opened(ServiceBackend backend, Runnable resources) implements AutoCloseable {
    @Override
    public void close() {
      backend.close();
      resources.run();
    }
  }

  /** What the command line and the tables call it. */
  String title() {
    return title;
  }

  /** The agent's configuration for it. */
  String proxyMode() {
    return proxyMode;
  }

  /** Opens it in the calling thread's network namespace. */
  abstract Opened open(AddressClaims claims) throws IOException;

  /**
   * The backends that a word of the command line stands for; "all" for all.
   *
   * @throws IllegalArgumentException with a sentence if there is none
   */
  static List<Backend> named(String title) {
    if (title.equals("all")) {
      return List.of(values());
    }
    return Arrays.stream(values())
        .filter(backend -> backend.title.equals(title))
        .findFirst()
        .map(List::of)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no backend \"" + title + "\"; try " + titles() + " or all"));
  }

  static String titles() {
    return Arrays.stream(values()).map(Backend::title).collect(Collectors.joining(", "));
  }
}
