package io.fairlead.agent.subsystem.pod;

import io.fairlead.cni.AttachmentRules;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.table.RepeatingThread;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.nftables.hostport.DatagramCleaner;
import io.fairlead.nftables.hostport.HostPortSettings;
import io.fairlead.nftables.hostport.NftablesHostPorts;
import io.fairlead.nftables.hostport.PortForward;
import io.fairlead.nftables.hostport.PortOwner;
import io.fairlead.nftables.hostport.PortTakenException;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host ports of attached pods, together with the sockets and threads that keep their table: CNI
 * requests change it on their own threads, and another repairs it when somebody else touched it.
 * Thread-safe.
 */
public final class HostPortRules implements AttachmentRules, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HostPortRules.class);

  private final NfTablesSocket kernel;
  private final DatagramCleaner cleaner;
  private final NftablesHostPorts ports;
  private final RepeatingThread repair;
  private final TableWatch watch;

  private HostPortRules(NfTablesSocket kernel, DatagramCleaner cleaner, HostPortSettings settings)
      throws IOException {
    this.kernel = kernel;
    this.cleaner = cleaner;
    this.ports = new NftablesHostPorts(kernel, settings, cleaner);
    this.repair =
        RepeatingThread.start(
            "host-port-repair",
            this::repair,
            failure -> LOG.error("Host ports cannot be repaired: {}", failure.getMessage()));
    try {
      this.watch =
          TableWatch.start(kernel, NftablesHostPorts.table(), ports::distrust, this::disturbed);
    } catch (IOException e) {
      repair.close();
      throw e;
    }
  }

  /**
   * Opens its sockets in the calling thread's network namespace; touches nothing.
   *
   * @throws IOException naming what the kernel or the process lacks
   */
  public static HostPortRules open(HostPortSettings settings) throws IOException {
    NfTablesSocket kernel = NfTablesSocket.open();
    try {
      DatagramCleaner cleaner =
          DatagramCleaner.open(failure ->
              LOG.warn(
                  "Clients of UDP host ports may go on being sent to former pods: {}",
                  failure.getMessage()));
      try {
        return new HostPortRules(kernel, cleaner, settings);
      } catch (IOException e) {
        cleaner.close();
        throw e;
      }
    } catch (IOException e) {
      kernel.close();
      throw e;
    }
  }

  private void disturbed(String sentence) {
    LOG.warn("Host ports are looked at: {}", sentence);
    repair.signal();
  }

  private void repair() throws IOException {
    for (String operation : ports.repair()) {
      LOG.atInfo().addKeyValue("operation", operation).log("Host ports were repaired");
    }
  }

  @Override
  public void restore(Collection<Lease> leases) throws IOException {
    Map<PortOwner, List<PortForward>> wanted = new LinkedHashMap<>();
    for (Lease lease : leases) {
      List<PortForward> forwards = LeasePorts.forwards(lease);
      if (!forwards.isEmpty()) {
        wanted.put(LeasePorts.owner(lease), forwards);
      }
    }
    NftablesHostPorts.Restored restored = ports.restore(wanted);
    for (String operation : restored.operations()) {
      LOG.atInfo().addKeyValue("operation", operation).log("Host ports were restored");
    }
    for (PortTakenException conflict : restored.conflicts()) {
      LOG.warn("A pod has lost its host ports: {}", conflict.getMessage());
    }
  }

  @Override
  public void prepare(Lease lease) throws CniException {
    if (lease.options().hostPorts().isEmpty()) {
      return;
    }
    LeasePorts.refuseImpossible(lease);
    List<PortForward> forwards = LeasePorts.forwards(lease);
    for (String sentence : LeasePorts.unserved(lease)) {
      LOG.warn("{}", sentence);
    }
    try {
      ports.add(LeasePorts.owner(lease), forwards);
    } catch (PortTakenException e) {
      throw new CniException(
          CniErrorCode.HOST_PORT_TAKEN,
          e.getMessage() + "; choose another hostPort, or let that pod go first");
    } catch (IOException e) {
      repair.signal();
      throw new CniException(
          CniErrorCode.KERNEL_FAILURE, "host ports cannot be set up: " + e.getMessage(), e);
    }
  }

  @Override
  public void leave(AttachmentKey key) {
    if (ports.remove(key.toString())) {
      repair.signal();
    }
  }

  /** Nothing is left then, unless nobody told of the leaving. */
  @Override
  public void forget(AttachmentKey key) {
    leave(key);
  }

  /** As {@link NftablesHostPorts#compare}. */
  public Comparison compare() throws IOException {
    return ports.compare();
  }

  /** How many ports of this node lead to pods. */
  public int size() {
    return ports.size();
  }

  /** The kernel's state stays. */
  @Override
  public void close() {
    watch.close();
    repair.close();
    cleaner.close();
    kernel.close();
  }
}
