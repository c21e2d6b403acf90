package org.anylease.raft.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageCodec;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.List;

/** Turns frames into octets and back, behind a decoder that bounds their length. */
final class LinkFrameCodec extends ByteToMessageCodec<LinkFrame> {
    private static final int LENGTH_BYTES = 4;

    static void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(new LengthFieldBasedFrameDecoder(LinkFrame.LENGTH_MAX, 0, LENGTH_BYTES, 0, LENGTH_BYTES));
        pipeline.addLast(new LinkFrameCodec());
    }

    @Override
    protected void encode(ChannelHandlerContext context, LinkFrame frame, ByteBuf out) {
        out.writeInt(0);
        LinkFrame.write(frame, out);
        out.setInt(0, out.readableBytes() - LENGTH_BYTES);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        // One frame at a time comes from the decoder in front.
        out.add(LinkFrame.read(in.readSlice(in.readableBytes())));
    }
}
