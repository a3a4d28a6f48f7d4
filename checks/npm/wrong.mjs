// What a server behind answers about CORS: all of it wrong, so that it is seen that it is replaced.
export const WRONG = {
    'access-control-allow-origin': '*', 'access-control-allow-credentials': 'wrong', 'access-control-allow-methods': 'WRONG',
    'access-control-allow-headers': 'x-wrong', 'access-control-expose-headers': 'x-wrong', 'access-control-max-age': '1',
    vary: 'Accept-Encoding',
};
