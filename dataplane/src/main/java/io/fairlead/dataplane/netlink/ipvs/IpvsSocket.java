package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NETLINK_GENERIC;
import static io.fairlead.dataplane.netlink.ipvs.IpvsConstants.*;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.netlink.generic.GenericFamily;
import io.fairlead.dataplane.netlink.generic.MissingFamilyException;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel's IPVS, over a generic netlink socket of its own. Not thread-safe. */
public final class IpvsSocket implements IpvsKernel {

  private final NetlinkSocket socket;
  private final OperationSender sender;
  private GenericFamily family;

  IpvsSocket(NetlinkSocket socket, GenericFamily family) {
    this.socket = socket;
    this.sender = new OperationSender(socket);
    this.family = family;
  }

  /**
   * Opens a socket in the calling thread's network namespace, to which it belongs from then on,
   * whichever thread uses it. The kernel loads its module first, if it can.
   *
   * @throws MissingFamilyException if this kernel has no IPVS
   */
  public static IpvsSocket open() throws IOException {
    NetlinkSocket socket = NetlinkSocket.open(NETLINK_GENERIC);
    try {
      return new IpvsSocket(socket, GenericFamily.resolve(socket, FAMILY_NAME, MODULE));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public List<VirtualServerStatus> virtualServers() throws IOException {
    return renewing(() ->
        socket.dump(
            "list virtual servers",
            family.id(),
            writer -> family.writeHeader(writer, IPVS_CMD_GET_SERVICE),
            VirtualServerDecoder::decode));
  }

  @Override
  public @Nullable VirtualServerStatus virtualServer(VirtualServerId id) throws IOException {
    try {
      return renewing(() ->
              socket.query(
                  "read the virtual server " + id,
                  family.id(),
                  0,
                  writer -> {
                    family.writeHeader(writer, IPVS_CMD_GET_SERVICE);
                    VirtualServerWriter.writeId(writer, id);
                  },
                  VirtualServerDecoder::decode))
          .getFirst();
    } catch (NetlinkException e) {
      if (e.errno() == Errno.ESRCH) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public List<RealServerStatus> realServers(VirtualServerId virtualServer) throws IOException {
    return renewing(() ->
        socket.dump(
            new RealServersOf(virtualServer),
            family.id(),
            writer -> IpvsMessages.writeRealServerDump(writer, family, virtualServer),
            message -> RealServerCodec.decode(message, virtualServer.family())));
  }

  /** Text that is made only if it is needed. */
  private record RealServersOf(VirtualServerId virtualServer) {
    @Override
    public String toString() {
      return "list the real servers of " + virtualServer;
    }
  }

  private interface Question<T> {
    List<T> ask() throws IOException;
  }

  /** Asks once again if IPVS was unloaded and loaded meanwhile: it has another number then. */
  private <T> List<T> renewing(Question<T> question) throws IOException {
    try {
      return question.ask();
    } catch (NetlinkException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      family = GenericFamily.resolve(socket, FAMILY_NAME, MODULE);
      return question.ask();
    }
  }

  @Override
  public List<Failure> apply(List<? extends IpvsOperation> operations) throws IOException {
    return sender.apply(family, operations);
  }

  @Override
  public IpvsTimeouts timeouts() throws IOException {
    return renewing(() ->
            socket.query(
                "read the timeouts of IPVS",
                family.id(),
                0,
                writer -> family.writeHeader(writer, IPVS_CMD_GET_CONFIG),
                IpvsMessages::decodeTimeouts))
        .getFirst();
  }

  @Override
  public void timeouts(IpvsTimeouts timeouts) throws IOException {
    socket.request(
        "set the timeouts of IPVS to " + timeouts,
        family.id(),
        0,
        writer -> IpvsMessages.writeTimeouts(writer, family, timeouts));
  }

  @Override
  public IpvsInfo info() throws IOException {
    return renewing(() ->
            socket.query(
                "read the version of IPVS",
                family.id(),
                0,
                writer -> family.writeHeader(writer, IPVS_CMD_GET_INFO),
                IpvsMessages::decodeInfo))
        .getFirst();
  }

  @Override
  public List<SyncDaemon> daemons() throws IOException {
    return renewing(() ->
        socket.dump(
            "list the daemons of IPVS",
            family.id(),
            writer -> family.writeHeader(writer, IPVS_CMD_GET_DAEMON),
            IpvsMessages::decodeDaemon));
  }

  @Override
  public void close() {
    socket.close();
  }
}
