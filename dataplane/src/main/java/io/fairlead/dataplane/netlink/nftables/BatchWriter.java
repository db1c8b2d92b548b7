package io.fairlead.dataplane.netlink.nftables;

import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_ACK;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_APPEND;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_CREATE;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_REPLACE;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLM_F_REQUEST;

import io.fairlead.dataplane.netlink.MessageWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a transaction as one batch: a message that begins it, one or more for each operation, one
 * that ends it. Only the last operation's message asks for an acknowledgement, so that the answer
 * is small however large the batch. Reused without allocation; not thread-safe.
 */
final class BatchWriter {

  private static final int NFNL_BATCH_GENID = 1;

  /** Offset of the flags in a message's header (struct nlmsghdr). */
  private static final int FLAGS = 6;

  private final MessageWriter writer = new MessageWriter();
  private int[] operationOfMessage = new int[16];
  private int firstSequence;
  private int messages;
  private int lastStart;

  /** The batch that was written last. */
  MessageWriter messages() {
    return writer;
  }

  /** The sequence number of the message that is acknowledged. */
  int acknowledgedSequence() {
    return firstSequence + messages;
  }

  /** The number of sequence numbers that the batch uses. */
  int sequences() {
    return messages + 2;
  }

  /**
   * Which operation a sequence number belongs to.
   *
   * @return its index, -1 for the batch as a whole, or -2 for a message that is not of this batch
   */
  int operation(int sequence) {
    int message = sequence - firstSequence;
    if (message < 0 || message > messages + 1) {
      return -2;
    }
    return message == 0 || message == messages + 1 ? -1 : operationOfMessage[message - 1];
  }

  /**
   * Writes {@code transaction}.
   *
   * @param sequence of the first message; the others count on
   * @param generation the state that the change is meant for, or null for any
   */
  void write(NfTransaction transaction, int sequence, @Nullable Long generation) {
    writer.reset();
    firstSequence = sequence;
    messages = 0;
    writer.begin(NfMessages.BATCH_BEGIN, NLM_F_REQUEST, sequence);
    NfMessages.batchHeader(writer);
    if (generation != null) {
      writer.attributeU32Be(NFNL_BATCH_GENID, generation.intValue());
    }
    writer.end();
    for (int i = 0; i < transaction.size(); i++) {
      write(transaction.get(i), i);
    }
    int flags = writer.buffer().u16(lastStart + FLAGS);
    writer.buffer().putU16(lastStart + FLAGS, flags | NLM_F_ACK);
    writer.begin(NfMessages.BATCH_END, NLM_F_REQUEST, sequence + messages + 1);
    NfMessages.batchHeader(writer);
    writer.end();
  }

  private void begin(int message, int flags, int operation) {
    if (messages == operationOfMessage.length) {
      operationOfMessage = Arrays.copyOf(operationOfMessage, messages * 2);
    }
    operationOfMessage[messages] = operation;
    messages++;
    lastStart = writer.length();
    writer.begin(NfMessages.type(message), NLM_F_REQUEST | flags, firstSequence + messages);
  }

  private void write(NfOperation operation, int index) {
    switch (operation) {
      case NfOperation.AddTable add -> {
        begin(NfMessages.NEW_TABLE, NLM_F_CREATE, index);
        TableCodec.write(writer, add.table());
      }
      case NfOperation.DeleteTable delete -> {
        begin(NfMessages.DELETE_TABLE, 0, index);
        TableCodec.writeName(writer, delete.table());
      }
      case NfOperation.AddChain add -> {
        begin(NfMessages.NEW_CHAIN, NLM_F_CREATE, index);
        ChainCodec.write(writer, add.chain());
      }
      case NfOperation.DeleteChain delete -> {
        begin(NfMessages.DELETE_CHAIN, 0, index);
        ChainCodec.writeName(writer, delete.table(), delete.chain());
      }
      case NfOperation.FlushChain flush -> {
        begin(NfMessages.DELETE_RULE, 0, index);
        RuleCodec.writeName(writer, flush.table(), flush.chain());
      }
      case NfOperation.AddRule add -> {
        begin(NfMessages.NEW_RULE, NLM_F_CREATE | NLM_F_APPEND, index);
        RuleCodec.write(writer, add.rule());
      }
      case NfOperation.InsertRule insert -> {
        begin(NfMessages.NEW_RULE, NLM_F_CREATE, index);
        RuleCodec.writeInsertion(writer, insert.rule(), insert.before());
      }
      case NfOperation.ReplaceRule replace -> {
        begin(NfMessages.NEW_RULE, NLM_F_REPLACE, index);
        RuleCodec.writeReplacement(writer, replace.rule(), replace.handle());
      }
      case NfOperation.DeleteRule delete -> {
        begin(NfMessages.DELETE_RULE, 0, index);
        RuleCodec.writeHandle(writer, delete.table(), delete.chain(), delete.handle());
      }
      case NfOperation.AddSet add -> {
        begin(NfMessages.NEW_SET, NLM_F_CREATE, index);
        SetCodec.write(writer, add.set(), index + 1);
      }
      case NfOperation.DeleteSet delete -> {
        begin(NfMessages.DELETE_SET, 0, index);
        SetCodec.writeName(writer, delete.table(), delete.set());
      }
      case NfOperation.FlushSet flush -> {
        begin(NfMessages.DELETE_ELEMENTS, 0, index);
        ElementCodec.writeName(writer, flush.table(), flush.set());
      }
      case NfOperation.AddElements add -> {
        writeElements(add.set(), add.elements(), index, false);
        return;
      }
      case NfOperation.DeleteElements delete -> {
        writeElements(delete.set(), delete.elements(), index, true);
        return;
      }
      case NfOperation.AddCounter add -> {
        begin(NfMessages.NEW_OBJECT, NLM_F_CREATE, index);
        CounterCodec.write(writer, add.counter());
      }
      case NfOperation.DeleteCounter delete -> {
        begin(NfMessages.DELETE_OBJECT, 0, index);
        CounterCodec.writeName(writer, delete.table(), delete.counter());
      }
    }
    writer.end();
  }

  private void writeElements(
      NfSet set, List<SetElement> elements, int operation, boolean keysOnly) {
    int from = 0;
    while (from < elements.size()) {
      begin(
          keysOnly ? NfMessages.DELETE_ELEMENTS : NfMessages.NEW_ELEMENTS,
          keysOnly ? 0 : NLM_F_CREATE,
          operation);
      from = ElementCodec.write(writer, set, elements, from, keysOnly);
      writer.end();
    }
  }
}
