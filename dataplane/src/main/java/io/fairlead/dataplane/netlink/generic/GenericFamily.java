package io.fairlead.dataplane.netlink.generic;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A family of generic netlink as the kernel's controller describes it. Its number holds until its
 * module is unloaded; resolve it anew when the kernel answers ENOENT. Immutable.
 *
 * @param id the message type of the family's messages
 * @param version of the family's messages
 * @param headerSize bytes of the family's own header between genlmsghdr and the attributes
 * @param multicastGroups number of each group by name
 */
public record GenericFamily(
    String name, int id, int version, int headerSize, SortedMap<String, Integer> multicastGroups) {

  /** struct genlmsghdr of linux/genetlink.h: u8 command, u8 version, u16 reserved. */
  public static final int HEADER_LENGTH = 4;

  /** linux/genetlink.h: the controller is the family that describes the others. */
  private static final int GENL_ID_CTRL = 16;

  private static final int CTRL_VERSION = 2;
  private static final int CTRL_CMD_GETFAMILY = 3;
  private static final int CTRL_ATTR_FAMILY_ID = 1;
  private static final int CTRL_ATTR_FAMILY_NAME = 2;
  private static final int CTRL_ATTR_VERSION = 3;
  private static final int CTRL_ATTR_HDRSIZE = 4;
  private static final int CTRL_ATTR_MCAST_GROUPS = 7;
  private static final int CTRL_ATTR_MCAST_GRP_NAME = 1;
  private static final int CTRL_ATTR_MCAST_GRP_ID = 2;

  public GenericFamily {
    multicastGroups = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(multicastGroups));
  }

  /**
   * Asks the kernel for a family by name. The kernel tries to load a module for it first.
   *
   * @param socket of protocol NETLINK_GENERIC
   * @param module the kernel module that brings the family, for the error's advice
   * @throws MissingFamilyException if there is none
   */
  public static GenericFamily resolve(NetlinkSocket socket, String name, String module)
      throws IOException {
    List<GenericFamily> found;
    try {
      found =
          socket.query(
              "find the generic netlink family " + name,
              GENL_ID_CTRL,
              0,
              writer -> writeRequest(writer, name),
              GenericFamily::decode);
    } catch (NetlinkException e) {
      if (!e.isNotFound()) {
        throw e;
      }
      MissingFamilyException missing = new MissingFamilyException(name, module);
      missing.initCause(e);
      throw missing;
    }
    if (found.size() != 1) {
      throw new MalformedMessageException(
          "the kernel described the generic netlink family "
              + name
              + " "
              + found.size()
              + " times; once was expected");
    }
    return found.getFirst();
  }

  /** All families that the kernel has now, in its order. */
  public static List<GenericFamily> list(NetlinkSocket socket) throws IOException {
    return socket.dump(
        "list the generic netlink families",
        GENL_ID_CTRL,
        writer -> writeHeader(writer, CTRL_CMD_GETFAMILY, CTRL_VERSION),
        GenericFamily::decode);
  }

  /** Begins the body of a message of this family, up to where its own header or attributes go. */
  public MessageWriter writeHeader(MessageWriter writer, int command) {
    return writeHeader(writer, command, version);
  }

  private static MessageWriter writeHeader(MessageWriter writer, int command, int version) {
    return writer.u8(command).u8(version).u16(0);
  }

  static void writeRequest(MessageWriter writer, String name) {
    writeHeader(writer, CTRL_CMD_GETFAMILY, CTRL_VERSION)
        .attributeString(CTRL_ATTR_FAMILY_NAME, name);
  }

  /** Reads CTRL_CMD_NEWFAMILY. */
  static GenericFamily decode(NetlinkMessage message) throws MalformedMessageException {
    String name = "";
    int id = 0;
    int version = 0;
    int headerSize = 0;
    SortedMap<String, Integer> groups = new TreeMap<>();
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case CTRL_ATTR_FAMILY_ID -> id = attributes.u16();
        case CTRL_ATTR_FAMILY_NAME -> name = attributes.string();
        case CTRL_ATTR_VERSION -> version = attributes.u32();
        case CTRL_ATTR_HDRSIZE -> headerSize = attributes.u32();
        case CTRL_ATTR_MCAST_GROUPS -> readGroups(attributes.nested(), groups);
        default -> {}
      }
    }
    message.requireWellFormed();
    return new GenericFamily(name, id, version, headerSize, groups);
  }

  /** The list's members are numbered from 1; their own types say nothing. */
  private static void readGroups(AttributeReader list, SortedMap<String, Integer> groups) {
    while (list.next()) {
      String name = "";
      int id = 0;
      AttributeReader group = list.nested();
      while (group.next()) {
        switch (group.type()) {
          case CTRL_ATTR_MCAST_GRP_NAME -> name = group.string();
          case CTRL_ATTR_MCAST_GRP_ID -> id = group.u32();
          default -> {}
        }
      }
      groups.put(name, id);
    }
  }
}
