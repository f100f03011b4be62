/** The floor of a resolver in Node: sends every datagram back. Prints its port. */
import { createSocket } from 'node:dgram';

const socket = createSocket('udp4');
socket.on('message', (message, { port, address }) => socket.send(message, port, address));
socket.bind(0, '127.0.0.1', () => console.log(socket.address().port));
