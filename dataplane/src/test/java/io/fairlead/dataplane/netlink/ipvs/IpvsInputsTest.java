package io.fairlead.dataplane.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.testing.Decoding;

/** Messages of the generic family IPVS. */
class IpvsInputsTest {

  /** Reads a message as one kind of object. */
  private interface Decoder {
    Object decode(NetlinkMessage message) throws MalformedMessageException;
  }

  @FuzzTest
  void message(byte[] input) {
    read(input, message -> String.valueOf(VirtualServerDecoder.decode(message)));
    read(input, message -> RealServerCodec.decode(message, AddressFamily.IPV4));
    read(input, message -> RealServerCodec.decode(message, AddressFamily.IPV6));
    read(input, IpvsMessages::decodeTimeouts);
    read(input, IpvsMessages::decodeInfo);
    read(input, IpvsMessages::decodeDaemon);
  }

  private static void read(byte[] input, Decoder decoder) {
    Decoding.of(
        input,
        MalformedMessageException.class,
        () -> assertThat(decoder.decode(NetlinkMessage.parse(input)).toString()).isNotEmpty());
  }
}
