// GIFT on standard input, what gift-pegjs finds in it on standard output.
import { readFileSync } from 'node:fs';
import gift from 'gift-pegjs';

process.stdout.write(JSON.stringify(gift.parse(readFileSync(0, 'utf8'))));
