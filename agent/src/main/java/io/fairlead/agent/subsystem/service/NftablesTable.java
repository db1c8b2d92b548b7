package io.fairlead.agent.subsystem.service;

import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import io.fairlead.nftables.TableWatch;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** The node's table together with the sockets that it is kept through. */
final class NftablesTable implements ServiceBackends.NodeTable {

  private final NfTablesSocket kernel;
  private final NftablesServices services;
  private final TableWatch watch;

  private NftablesTable(NfTablesSocket kernel, NftablesServices services, TableWatch watch) {
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
      return new NftablesTable(kernel, services, TableWatch.start(kernel, services, disturbed));
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
  public void settings(ServiceSettings settings) {
    services.settings(settings);
  }

  @Override
  public void update(ServiceChange change) {
    services.update(change);
  }

  @Override
  public void distrust() {
    services.distrust();
  }

  @Override
  public boolean isPending() {
    return services.isPending();
  }

  @Override
  public List<String> commit() throws IOException {
    return services.commit();
  }

  @Override
  public List<String> audit() throws IOException {
    return services.audit();
  }

  @Override
  public void remove() throws IOException {
    services.remove();
  }

  @Override
  public void close() {
    watch.close();
    services.close();
    kernel.close();
  }
}
