package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import java.io.IOException;
import java.util.function.Consumer;

/** The node's table together with the sockets that it is kept through. */
final class NftablesTable extends ForwardingBackend
    implements ServiceBackends.NodeTable, ComparedBackend {

  private final NfTablesSocket kernel;
  private final NftablesServices services;
  private final TableWatch watch;

  private NftablesTable(NfTablesSocket kernel, NftablesServices services, TableWatch watch) {
    super(services);
    this.kernel = kernel;
    this.services = services;
    this.watch = watch;
  }

  /**
   * Opens its sockets in the calling thread's network namespace.
   *
   * @param disturbed told, on a thread of the watch, when somebody else changed the table; the next
   *     commit repairs it
   */
  static NftablesTable open(AddressClaims claims, ServiceInputs inputs, Consumer<String> disturbed)
      throws IOException {
    NfTablesSocket kernel = NfTablesSocket.open();
    try {
      NftablesServices services =
          new NftablesServices(kernel, claims, inputs.network(), inputs.settings());
      return new NftablesTable(
          kernel,
          services,
          TableWatch.start(kernel, NftablesServices.table(), services::distrust, disturbed));
    } catch (IOException e) {
      kernel.close();
      throw e;
    }
  }

  void network(NodeNetwork network) {
    services.network(network);
  }

  NftablesServices services() {
    return services;
  }

  @Override
  public void serve(boolean wanted) {
    services.serve(wanted);
  }

  @Override
  public Comparison compare(AddressClaims wanted, ServiceInputs inputs) throws IOException {
    return services.compare(wanted, inputs.network(), inputs.settings());
  }

  @Override
  public void close() {
    watch.close();
    super.close();
    kernel.close();
  }
}
